import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { openServers, until } from '@patgate/test-kit'
import t from 'tap'
import { openLogPlace } from './fixtures/log-place.ts'
import { INTERNAL_KEY, WEBHOOK_KEY } from './fixtures/running-service.ts'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')

t.test('the process listens, is ready, and ends in order on SIGTERM', async (t) => {
  const servers = await openServers(t)
  const place = openLogPlace(t)
  const process_ = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PORT: '0',
      OPS_PORT: '0',
      DATABASE_URL: servers.databaseUrl,
      REDIS_URL: servers.redisUrl,
      NATS_URL: servers.natsUrl,
      INTERNAL_KEY,
      TOKEN_SERVICE_INTERNAL_URL: 'http://127.0.0.1:1',
      AUDIT_ORIGIN: place.auditOrigin,
      AUDIT_KEY_FILE: place.auditKeyFile,
      AUDIT_CHECKPOINT_DIR: place.checkpointDirectory,
      AUDIT_EXPORT_DIR: place.exportDirectory,
      WEBHOOK_SECRETS_KEY: WEBHOOK_KEY
    }
  })
  t.teardown(() => process_.kill('SIGKILL'))
  let output = ''
  process_.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const url = await until(() => /"operations_url":"([^"]+)"/.exec(output)?.[1], { timeoutMs: 30_000 })
  t.equal((await fetch(`${url}/readyz`)).status, 200)
  process_.kill('SIGTERM')
  const [code] = await once(process_, 'exit')
  t.equal(code, 0, output)
})
