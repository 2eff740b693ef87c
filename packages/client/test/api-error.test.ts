import { ApiError, createClient } from '@patgate/client'
import t from 'tap'
import { apiServer } from './api-server.ts'

const PROBLEM = {
  type: 'about:blank',
  title: 'The token lacks the scope for this',
  status: 403,
  code: 'insufficient_scope',
  request_id: 'r-1',
  required: { group: 'demo', entity_type: 'dashboard', entity_id: '7', operation: 'read' }
}
const asProblem = { 'content-type': 'application/problem+json; charset=utf-8' }

async function errorOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason
  )
  if (error instanceof ApiError) return error
  throw new Error('no ApiError', { cause: error })
}

t.test('a problem becomes an ApiError that carries it whole', async (t) => {
  const { url } = await apiServer(t, { status: 403, body: PROBLEM, headers: asProblem })
  const error = await errorOf(createClient({ baseUrl: url }).tokens.list())
  t.same(error.problem, PROBLEM)
  t.equal(error.status, 403)
  t.equal(error.code, 'insufficient_scope')
  t.equal(error.message, PROBLEM.title)
  t.equal(error.retryAfterSeconds, null)
})

t.test('the detail is the message, and Retry-After is read', async (t) => {
  const problem = { ...PROBLEM, status: 429, code: 'rate_limited', detail: 'Try later' }
  const { url } = await apiServer(t, { status: 429, body: problem, headers: { ...asProblem, 'retry-after': '7' } })
  const error = await errorOf(createClient({ baseUrl: url }).sessions.current())
  t.equal(error.message, 'Try later')
  t.equal(error.retryAfterSeconds, 7)
})

t.test('an answer that did not come from patgate is an ApiError of its own code', async (t) => {
  const foreign = [
    { status: 502, body: '<html>Bad Gateway</html>' },
    { status: 404, body: { message: 'no such route' } },
    { status: 500, body: '{"code":', headers: asProblem }
  ]
  for (const answer of foreign) {
    const { url } = await apiServer(t, answer)
    const error = await errorOf(createClient({ baseUrl: url }).tokens.list())
    t.match(error.problem, { status: answer.status, code: 'foreign_answer' })
  }
})

t.test('a redirect is not followed: it could carry the credential elsewhere', async (t) => {
  const elsewhere = await apiServer(t, { status: 200, body: {} })
  const { url } = await apiServer(t, { status: 307, headers: { location: `${elsewhere.url}/v1/tokens` } })
  await t.rejects(createClient({ baseUrl: url, token: 'secret' }).tokens.list(), TypeError)
  t.equal(elsewhere.requests.length, 0)
})

t.test('an aborted call and a server that is not there are what fetch throws', async (t) => {
  const { url } = await apiServer(t, { status: 200, body: {} })
  const client = createClient({ baseUrl: url })
  await t.rejects(client.tokens.list({}, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  const nowhere = createClient({ baseUrl: 'http://127.0.0.1:1' })
  await t.rejects(nowhere.tokens.list(), { name: 'TypeError', cause: { message: /./ } })
})
