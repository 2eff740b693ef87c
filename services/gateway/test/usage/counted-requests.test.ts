import { jetstream } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { USAGE_STREAM, type UsageReport } from '@patgate/contracts'
import { test } from 'tap'
import { startGateway } from '../support/gateway.ts'
import { scope, TOKEN_ID } from '../support/token-service.ts'

const DASHBOARDS = '/api/groups/demo/dashboards'

test('what is granted is counted, and nothing else', async (t) => {
  const { url, tokenService, deps, natsUrl } = await startGateway(t)
  const call = (path: string, token: string, method = 'GET') =>
    fetch(url + path, { method, headers: { authorization: `Bearer ${token}` } })
  const token = tokenService.issue({ issued_at: '2026-01-01T00:00:00Z' })

  for (let use = 0; use < 3; use++) await call(`${DASHBOARDS}/sales`, token)
  await call(DASHBOARDS, token)
  const denied = await call(`${DASHBOARDS}/sales`, tokenService.issue({ scopes: [scope('dashboard', ['list'])] }))
  t.equal(denied.status, 403)
  await call(`${DASHBOARDS}/sales`, 'pat_000000000000000000000000000000000dawQ1')
  await call('/public/x', token)
  await deps.usage.flush()

  const { uses, addresses } = await firstReports(natsUrl)
  const aboutToken = { token_id: TOKEN_ID, issued_at: '2026-01-01T00:00:00.000Z', group: 'demo' }
  t.match(uses, [
    { ...aboutToken, entity_type: 'dashboard', entity_id: 'sales', operation: 'read', count: 3 },
    { ...aboutToken, entity_type: 'dashboard', entity_id: '*', operation: 'list', count: 1 }
  ])
  t.equal(uses.length, 2)
  t.match(addresses, [{ token_id: TOKEN_ID, address: '127.0.0.1', count: 4 }])
})

async function firstReports(natsUrl: string): Promise<Pick<UsageReport, 'uses' | 'addresses'>> {
  const connection = await connect({ servers: new URL(natsUrl).host })
  const manager = await jetstream(connection).jetstreamManager()
  const { state } = await manager.streams.info(USAGE_STREAM.name)
  const reports: UsageReport[] = []
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage(USAGE_STREAM.name, { seq })
    if (message !== null) reports.push(message.json<UsageReport>())
  }
  await connection.close()
  return { uses: reports.flatMap(({ uses }) => uses), addresses: reports.flatMap(({ addresses }) => addresses) }
}
