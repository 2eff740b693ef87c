import { createLogger } from '@patgate/service-kit'
import { captureLogs, openServers } from '@patgate/test-kit'
import { test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { openDeps } from '../../src/deps.ts'
import { eventsOf } from '../support/events.ts'
import { ADMIN, environmentFor } from '../support/service.ts'

test('the first start creates the administrator, once', async (t) => {
  const servers = await openServers(t)
  const logs = captureLogs()
  const start = (environment: object = {}) =>
    openDeps(readConfig({ ...environmentFor(servers), ...environment }), createLogger('test', 'debug', logs.stream))

  const started = await Promise.all([start(), start()])
  for (const deps of started) t.teardown(() => deps.close())
  const [deps] = started
  const people = () => deps.database.selectFrom('users').selectAll().execute()

  t.match(await people(), [{ email: ADMIN.email, admin: true, password_hash: /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/ }])
  t.equal((await people()).length, 1)
  const events = await eventsOf(deps)
  t.match(events, [{ type: 'user.created', actor: { kind: 'service' }, seq: 1 }])
  t.equal(events.length, 1)
  t.notMatch(logs.text(), ADMIN.password)

  const later = await start({ ADMIN_EMAIL: 'other@example.org' })
  t.teardown(() => later.close())
  t.equal((await people()).length, 1, 'a later start with another name adds nobody')
})
