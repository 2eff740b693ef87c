import type { TokenBody } from '@patgate/contracts'
import { test } from 'tap'
import { AS_LISTED, nextSort, sortTokens, type TokenSort } from '../../src/tokens/token-sort.ts'
import { token } from './token.ts'

const names = (tokens: readonly TokenBody[], sort: TokenSort) => sortTokens(tokens, sort, 'en').map(({ name }) => name)

test('names are sorted as people read them: numbers by their size, whatever the case', async (t) => {
  const tokens = ['job-10', 'Job-2', 'ångström', 'zebra', 'job-1'].map((name) => token(name))
  t.same(names(tokens, 'name'), ['ångström', 'job-1', 'Job-2', 'job-10', 'zebra'])
  t.same(names(tokens, '-name'), ['zebra', 'job-10', 'Job-2', 'job-1', 'ångström'])
})

test('what never expires expires last, and what was not used was used before all', async (t) => {
  const tokens = [
    token('never'),
    token('late', { expires_at: '2027-01-01T00:00:00.000Z', last_used_at: '2026-01-02T00:00:00.000Z' }),
    token('soon', { expires_at: '2026-02-01T00:00:00.000Z', last_used_at: '2026-01-03T00:00:00.000Z' })
  ]
  t.same(names(tokens, 'expires'), ['soon', 'late', 'never'])
  t.same(names(tokens, '-used'), ['soon', 'late', 'never'])
})

test('tokens that are alike in a column stay as they were listed', async (t) => {
  const tokens = [token('b'), token('c', { status: 'revoked', revoked_at: '2026-01-02T00:00:00.000Z' }), token('a')]
  t.same(names(tokens, 'status'), ['b', 'a', 'c'])
  t.same(names(tokens, '-status'), ['c', 'b', 'a'])
})

test('a column begins with its usual order, and is then turned round', async (t) => {
  t.equal(nextSort(AS_LISTED, 'name'), 'name')
  t.equal(nextSort('name', 'name'), '-name')
  t.equal(nextSort('-name', 'name'), 'name')
  t.equal(nextSort('name', 'used'), '-used', 'the latest first')
  t.equal(nextSort('-used', 'created'), AS_LISTED)
})
