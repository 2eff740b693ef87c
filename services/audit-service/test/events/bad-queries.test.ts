import t from 'tap'
import { ids } from '../fixtures/people.ts'
import { runService } from '../fixtures/running-service.ts'

const bad: readonly string[] = [
  'limit=0',
  'limit=501',
  'limit=-1',
  'limit=ten',
  'limit=1.5',
  'limit=',
  'actor=anna',
  'actor=',
  'token=pat_abcdefghijklmnopqrstuvwxyzABCDEF4AHI6h',
  'group=Not%20A%20Slug',
  'group=%2A',
  'type=token.teleported',
  'type=access.allowed&type=access.denied',
  'outcome=maybe',
  'target_type=',
  'target_type=%00',
  'target_id=',
  'target_id=a%00b',
  `target_id=${'x'.repeat(256)}`,
  'operation=fly',
  'address=localhost',
  'address=192.0.2.0/24',
  'q=',
  'q=%00',
  'q=one&q=two',
  `q=${'x'.repeat(129)}`,
  'from=yesterday',
  'from=2026-03-01',
  'from=0000-01-01T00:00:00Z',
  'to=2026-13-01T00:00:00Z',
  'unknown=1',
  'Actor=1',
  'cursor=',
  'cursor=not-a-cursor',
  'cursor=%00',
  `cursor=${'A'.repeat(1025)}`,
  `cursor=${cursorOf('text')}`,
  `cursor=${cursorOf(['2026-03-01T00:00:00Z'])}`,
  `cursor=${cursorOf(['2026-03-01T00:00:00Z', 'not-an-id'])}`,
  `cursor=${cursorOf(['now', ids.anna])}`,
  `cursor=${cursorOf(['0000-01-01T00:00:00Z', ids.anna])}`,
  `cursor=${cursorOf(['2026-03-01T00:00:00Z[Europe/Berlin]', ids.anna])}`,
  `cursor=${cursorOf(['2026-03-01T00:00:00Z', ids.anna, 'more'])}`,
  `cursor=${cursorOf(['2026-03-01T00:00:00Z', ids.anna])}=`
]

t.test('what is not a valid query is 400 invalid_request and names the parameter', async (t) => {
  const service = await runService(t)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  for (const query of bad) {
    const { status, body, headers } = await service.get(`/v1/audit/events?${query}`, admin)
    t.equal(status, 400, query)
    t.equal(body.code, 'invalid_request', query)
    t.match(headers.get('content-type'), /^application\/problem\+json/)
    const [parameter] = query.split('=')
    t.match(body.errors?.[0]?.path, new RegExp(`^/${parameter}`), query)
  }
})

t.test('an id that is none is 400, and an unknown path is 404', async (t) => {
  const service = await runService(t)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  t.equal((await service.get('/v1/audit/events/not-an-id', admin)).status, 400)
  t.equal((await service.get(`/v1/audit/events/${ids.anna}`, admin)).status, 404)
  t.equal((await service.get('/v1/audit/nothing', admin)).status, 404)
})

function cursorOf(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
