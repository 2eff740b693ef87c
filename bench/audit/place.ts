import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openServers, type TestServers } from '@patgate/test-kit'
import { Pool } from 'pg'

const MAIN = fileURLToPath(new URL('../../services/audit-service/src/main.ts', import.meta.url))
const KEY = 'a-key-of-the-benchmark-that-is-long-enough'
const ADMIN = '01890000-0000-7000-8000-0000000000ad'

const UNSIGNED = `
  select (size - coalesce((select max(tree_size) from audit_checkpoints), 0))::float8 as events
  from audit_head`

/** Servers, a folder, and the audit service as a process of its own, as it is in production. */
export interface Place {
  readonly servers: TestServers
  readonly directory: string
  /** Starts the service and answers where it listens. */
  startService(): Promise<string>
  /** Ends it as an outage does: with SIGKILL. */
  killService(): Promise<void>
  /** How many stored events no checkpoint covers yet. */
  unsigned(): Promise<number>
  /** Resolves when a checkpoint covers everything that is stored. */
  signed(): Promise<void>
  close(): Promise<void>
}

export async function openPlace(): Promise<Place> {
  const closing: (() => Promise<unknown> | unknown)[] = []
  const servers = await openServers({ teardown: (close: () => Promise<unknown>) => void closing.push(close) } as never)
  const directory = await mkdtemp(join(tmpdir(), 'patgate-bench-audit-'))
  const keyFile = join(directory, 'audit-key.pem')
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeFile(keyFile, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
  const tokenService = await startTokenService()
  closing.push(() => tokenService.close())
  const database = new Pool({ connectionString: servers.databaseUrl, max: 1 })
  closing.push(() => database.end())
  let service: ReturnType<typeof spawn> | null = null

  const place: Place = {
    servers,
    directory,
    async startService() {
      const child = spawn(process.execPath, [MAIN], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          PORT: '0',
          OPS_PORT: '0',
          DATABASE_URL: servers.databaseUrl,
          REDIS_URL: servers.redisUrl,
          REDIS_PREFIX: servers.redisPrefix,
          NATS_URL: servers.natsUrl,
          INTERNAL_KEY: KEY,
          WEBHOOK_SECRETS_KEY: KEY,
          TOKEN_SERVICE_INTERNAL_URL: `http://127.0.0.1:${(tokenService.address() as { port: number }).port}`,
          AUDIT_ORIGIN: 'bench.example.com/log',
          AUDIT_KEY_FILE: keyFile,
          AUDIT_CHECKPOINT_DIR: join(directory, 'checkpoints'),
          AUDIT_EXPORT_DIR: join(directory, 'exports')
        }
      })
      service = child
      let printed = ''
      for await (const part of child.stdout.iterator({ destroyOnReturn: false })) {
        printed += part
        const url = /"url":"([^"]+)"/.exec(printed)?.[1]
        if (url === undefined) continue
        child.stdout.resume()
        return url
      }
      throw new Error(`the audit service ended:\n${printed}`)
    },
    async killService() {
      if (service === null || service.exitCode !== null || service.signalCode !== null) return
      service.kill('SIGKILL')
      await once(service, 'exit')
    },
    async unsigned() {
      const { rows } = await database.query<{ events: number }>(UNSIGNED)
      return rows[0]?.events ?? 0
    },
    async signed() {
      const startedAtMs = performance.now()
      while ((await place.unsigned()) > 0) await pause(250)
      const seconds = (performance.now() - startedAtMs) / 1000
      console.log(`everything was hashed again and signed in ${seconds.toFixed(0)} s`)
    },
    async close() {
      await place.killService()
      for (const close of closing.reverse()) await close()
      await rm(directory, { recursive: true, force: true })
    }
  }
  return place
}

/** Whoever asks is an administrator. */
async function startTokenService() {
  const snapshot = {
    kind: 'session',
    token_id: null,
    session_id: ADMIN,
    owner: { id: ADMIN, email: 'admin@example.com', name: 'Admin' },
    admin: true,
    expires_at: '2036-01-01T00:00:00Z',
    issued_at: '2026-01-01T00:00:00Z',
    scopes: null,
    access_level: null,
    roles: {},
    allowed_addresses: [],
    rate_limit: null
  }
  const body = JSON.stringify({ as_of: 1, valid: true, snapshot })
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
