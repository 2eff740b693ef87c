import type { TokenBody } from '@patgate/contracts'
import { test } from 'tap'
import { firstPageOf, isLong, type LoadedPages, withToken } from '../../src/tokens/long-lists.ts'
import { token } from './token.ts'

const SOON = new Date(Date.now() + 86_400_000).toISOString()
const loaded = (...pages: string[][]): LoadedPages => ({
  pages: pages.map((names, index) => ({
    items: names.map((name) => token(name)),
    next_cursor: index === pages.length - 1 ? null : `after-${index}`,
    total: pages.flat().length
  })),
  pageParams: pages.map((_, index) => (index === 0 ? null : `after-${index - 1}`))
})
const list = loaded(['a', 'b'], ['c'])
const shown = ({ pages }: LoadedPages) => pages.map(({ items }) => items.map(({ name }) => name))
const totals = ({ pages }: LoadedPages) => pages.map(({ total }) => total)

test('a list of many pages is long, one that is not loaded is not', async (t) => {
  t.notOk(isLong(undefined))
  t.notOk(isLong(list))
  t.ok(isLong(loaded(...Array.from({ length: 6 }, (_, index) => [`token-${index}`]))))
})

test('a token of a long list is shown as it is now, in its place', async (t) => {
  const renamed = withToken(list, 'b', { ...token('b'), name: 'renamed' }, undefined)
  t.same(shown(renamed), [['a', 'renamed'], ['c']])
  t.same(totals(renamed), [3, 3])
  t.same(renamed.pageParams, list.pageParams, 'the next page is asked for where it was')
})

test('a token that is gone, or is no longer what the list shows, leaves it and is not counted', async (t) => {
  const revoked: TokenBody = { ...token('b'), status: 'revoked', revoked_at: '2026-01-02T00:00:00.000Z' }
  for (const now of [null, revoked]) {
    t.same(shown(withToken(list, 'b', now, 'active')), [['a'], ['c']])
    t.same(totals(withToken(list, 'b', now, 'active')), [2, 2])
  }
  t.same(shown(withToken(list, 'b', revoked, 'all')), shown(list))
  t.same(shown(withToken(list, 'b', revoked, 'revoked')), shown(list))
  t.same(shown(withToken(list, 'b', token('b'), 'expired')), [['a'], ['c']])
  t.same(shown(withToken(list, 'b', { ...token('b'), expires_at: SOON }, 'active')), shown(list), 'expiring is active')
  t.same(shown(withToken(list, 'b', token('b'), 'expiring')), [['a'], ['c']])
})

test('a token that a list does not have changes nothing of it', async (t) => {
  t.same(withToken(list, 'x', null, undefined), list)
  t.same(withToken(list, 'x', token('x'), undefined), list)
})

test('the first page alone goes on behind itself', async (t) => {
  t.same(firstPageOf(list), { pages: [list.pages[0]], pageParams: [null] })
})
