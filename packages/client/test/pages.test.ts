import { ApiError, createClient } from '@patgate/client'
import t from 'tap'
import { apiServer } from './api-server.ts'

const page = (items: readonly unknown[], next: string | null) => ({
  status: 200,
  body: { items, next_cursor: next, total: null }
})

t.test('pages are asked for one after the other, with the filters of the first', async (t) => {
  const server = await apiServer(t, page([1, 2], 'c-1'), page([3], 'c 2'), page([], null))
  const client = createClient({ baseUrl: server.url })
  const items: unknown[] = []
  for await (const { items: part } of client.tokens.pages({ status: 'all', limit: 2 })) items.push(...part)
  t.same(items, [1, 2, 3])
  t.same(
    server.requests.map(({ url }) => url),
    [
      '/v1/tokens?status=all&limit=2',
      '/v1/tokens?status=all&limit=2&cursor=c-1',
      '/v1/tokens?status=all&limit=2&cursor=c+2'
    ]
  )
})

t.test('nothing is asked for that nobody looks at', async (t) => {
  const server = await apiServer(t, page([1], 'next'))
  const client = createClient({ baseUrl: server.url })
  for await (const _page of client.members.pages('demo')) break
  t.equal(server.requests.length, 1)
})

t.test('every list has its pages', async (t) => {
  const server = await apiServer(t, page([1], null))
  const client = createClient({ baseUrl: server.url })
  const lists = [client.tokens.pages(), client.groups.pages(), client.users.pages(), client.auditEvents.pages()]
  for (const list of [...lists, client.members.pages('demo')]) {
    for await (const { next_cursor } of list) t.equal(next_cursor, null)
  }
  t.same(
    server.requests.map(({ url }) => url),
    ['/v1/tokens', '/v1/groups', '/v1/users', '/v1/audit/events', '/v1/groups/demo/members']
  )
})

t.test('an error ends the iteration', async (t) => {
  const server = await apiServer(t, page([1], 'next'), { status: 503, body: 'down' })
  const pages = createClient({ baseUrl: server.url }).groups.pages()
  t.match(await pages.next(), { done: false })
  await t.rejects(pages.next(), ApiError)
})
