import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The servers that test files share; each file makes itself a place of its own on them. */
export interface SharedServers {
  /** A superuser's address of any database of the cluster. */
  readonly databaseUrl: string
  readonly redisUrl: string
  /** The nats-server program: each test runs one of its own. */
  readonly natsProgram: string
  /** Where it may keep its store. */
  readonly scratchDirectory: string
}

let started: Promise<SharedServers> | null = null

/**
 * The servers named by `TEST_DATABASE_URL`, `TEST_REDIS_URL` and `TEST_NATS_SERVER`, as the runner of `npm test` sets
 * them. Where one is missing (somebody runs a single file), all are started, once for this process.
 */
export function sharedServers(environment: NodeJS.ProcessEnv = process.env): Promise<SharedServers> {
  const { TEST_DATABASE_URL, TEST_REDIS_URL, TEST_NATS_SERVER } = environment
  if (TEST_DATABASE_URL && TEST_REDIS_URL && TEST_NATS_SERVER) {
    return Promise.resolve({
      databaseUrl: TEST_DATABASE_URL,
      redisUrl: TEST_REDIS_URL,
      natsProgram: TEST_NATS_SERVER,
      scratchDirectory: tmpdir()
    })
  }
  started ??= startKeeper()
  return started
}

/**
 * Starts the keeper, a process that holds the servers as long as this one lives: it sees the end of its standard
 * input, however this process ended. Nothing here keeps the event loop alive, so a finished test file can exit.
 */
async function startKeeper(): Promise<SharedServers> {
  const keeper = spawn(process.execPath, [fileURLToPath(new URL('keeper.ts', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' }
  })
  const answer = once(createInterface({ input: keeper.stdout }), 'line')
  const end = once(keeper, 'exit').then(() => {
    throw new Error('the servers for this test could not be started; the reason is above')
  })
  end.catch(() => undefined)
  const [line] = (await Promise.race([answer, end])) as [string]
  keeper.unref()
  for (const pipe of [keeper.stdin, keeper.stdout]) (pipe as unknown as { unref(): void }).unref()
  return JSON.parse(line) as SharedServers
}
