import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type RunFile, readKeptSecrets, writeRunFile } from '../run-file.ts'

const run: RunFile = {
  gateway_url: 'http://127.0.0.1:8080',
  forward_auth_url: 'http://127.0.0.1:8180',
  grpc_url: 'grpc://127.0.0.1:8280',
  nats_url: 'nats://127.0.0.1:4223',
  admin: { email: 'admin@patgate.local', password: 'generated' },
  demo: { group: 'demo', token: 'pat_x' },
  gateway_urls: ['http://127.0.0.1:8080'],
  gateway_ops_urls: ['http://127.0.0.1:9080'],
  token_service_url: 'http://127.0.0.1:1',
  token_service_urls: ['http://127.0.0.1:1'],
  audit_service_url: 'http://127.0.0.1:2',
  database_url: 'postgres://127.0.0.1:3/patgate_tokens',
  redis_url: 'redis://127.0.0.1:4',
  pids: {
    runner: 1,
    postgres: 2,
    redis: 3,
    nats: 4,
    token_service: 5,
    token_services: [5],
    audit_service: 6,
    gateways: [7]
  }
}

t.test('the file is for its owner only, and nothing of an earlier one is left', async (t) => {
  const directory = t.testdir({ 'run.json': `{"admin":"${'x'.repeat(5000)}"}` })
  const path = join(directory, 'run.json')
  writeRunFile(path, run)
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.same(JSON.parse(readFileSync(path, 'utf8')), run)
  t.same(readdirSync(directory), ['run.json'], 'no draft is left beside it')
})

t.test('a later start keeps the administrator and the demo token', async (t) => {
  const path = join(t.testdir(), 'run.json')
  t.same(readKeptSecrets(path), {})
  writeRunFile(path, run)
  t.same(readKeptSecrets(path), { admin: run.admin, demo: run.demo })
})

t.test('a file that is damaged keeps what is whole in it', async (t) => {
  const path = join(t.testdir(), 'run.json')
  writeFileSync(path, JSON.stringify({ admin: run.admin, demo: { group: 'demo' } }))
  t.same(readKeptSecrets(path), { admin: run.admin })
  writeFileSync(path, '{"admin":')
  t.same(readKeptSecrets(path), {})
})
