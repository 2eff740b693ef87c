import { spawn } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildConsole } from './console-build.ts'
import { checkout, compileCache, openHome } from './home.ts'
import { printPlainly } from './plain-output.ts'
import { findNatsServer } from './servers/nats.ts'
import { startPostgres } from './servers/postgres.ts'
import { startRedis } from './servers/redis.ts'
import { onStopSignals } from './supervisor/stop-signals.ts'
import { startWatchdog } from './supervisor/watchdog.ts'
import { readTapSummary, type TapSummary } from './tap-summary.ts'
import { planProcesses, writeEntries } from './test-processes.ts'
import { openScratch, removeAbandoned } from './test-scratch.ts'

/**
 * `npm test [files…]`: one PostgreSQL and one Redis for the whole run, in a home that is thrown away, then tap.
 * The last lines printed are what failed, and `<n> passed, <n> failed`; a run without a test has failed.
 */
const patterns = ['packages/*/test', 'services/*/test', 'infra/local/test', 'acceptance'].map(
  (folder) => `${folder}/**/*.test.ts`
)
/** What takes minutes of a browser that two cores do not have beside the rest: every page in every look, and long lists. */
const LONG_ONLY: ReadonlySet<string> = new Set([
  'acceptance/console/every-page.test.ts',
  'acceptance/console/smoothness.test.ts'
])
/** What this cluster holds is worth nothing once the machine stops: tests that kill PostgreSQL start one of their own. */
const THROWN_AWAY = { max_connections: '400', fsync: 'off', full_page_writes: 'off' }
const HOME_PREFIX = 'test-'
removeAbandoned(join(checkout, '.patgate'), HOME_PREFIX)
const home = openHome(join(checkout, '.patgate', `${HOME_PREFIX}${process.pid}`))
const scratch = openScratch(home.root)
const watchdog = startWatchdog()
const report = (line: string) => console.error(`patgate: ${line}`)

let summary: TapSummary = { passed: 0, failed: 0, failures: [] }
let status = 1
try {
  const [postgres, redis, natsServer] = await Promise.all([
    startPostgres({ directory: join(scratch, 'postgres'), settings: THROWN_AWAY, watchdog, report }),
    startRedis({ directory: join(scratch, 'redis'), watchdog, report }),
    findNatsServer({ report }),
    // Otherwise the first file that starts a whole patgate would wait for it.
    isWholeRun() ? buildConsole(report) : undefined
  ])
  // Kept after the run: it says of each file and test how long it took.
  const tapOutput = join(checkout, '.patgate', 'last-test.tap')
  // What an earlier run left must not be read as this one's.
  rmSync(tapOutput, { force: true })
  status = await runTap(tapOutput, {
    TEST_DATABASE_URL: postgres.url('postgres'),
    TEST_REDIS_URL: redis.url,
    TEST_NATS_SERVER: natsServer.path
  })
  summary = readTapSummary(readFileSync(tapOutput, 'utf8'))
  await Promise.all([postgres.stop(), redis.stop()])
} catch (error) {
  report(error instanceof Error ? error.message : String(error))
} finally {
  watchdog.close()
  rmSync(scratch, { recursive: true, force: true })
  rmSync(home.root, { recursive: true, force: true })
}
// A test file that ended badly without a failed assertion is a failure all the same, and so is a run without a test.
const hasFailed = status !== 0 || summary.failed > 0 || summary.passed === 0
const failed = hasFailed ? Math.max(summary.failed, 1) : 0
// At the end, where a log that was cut still shows them.
for (const failure of summary.failures) console.log(`failed: ${failure}`)
process.stdout.write(`${summary.passed} passed, ${failed} failed\n`, () => process.exit(failed === 0 ? 0 : 1))

/** Runs the given files, or all of them, and answers tap's exit status. */
function runTap(output: string, servers: Record<string, string>): Promise<number> {
  const given = process.argv.slice(2)
  const limitSeconds = process.env.LONG_TESTS === '1' ? 3_600 : 900
  // Many tests wait, for a lease to end or a server to come back: more of them than there are cores keep the cores busy.
  const options = ['--reporter=terse', '--jobs=3', `--timeout=${limitSeconds}`, `--output-file=${output}`]
  const preload = `--import=${new URL('test-preload.mjs', import.meta.url).href}`
  const temporary = join(scratch, 'tmp')
  mkdirSync(temporary, { mode: 0o711 })
  const files = isWholeRun() ? writeEntries(planProcesses(testFiles()), checkout, home.data('tests')) : []
  const tap = spawn(
    process.execPath,
    [join(checkout, 'node_modules', '.bin', 'tap'), 'run', ...options, ...given, ...files],
    {
      cwd: checkout,
      env: {
        ...process.env,
        ...servers,
        TMPDIR: temporary,
        NODE_COMPILE_CACHE: compileCache,
        NODE_OPTIONS: [preload, process.env.NODE_OPTIONS].filter(Boolean).join(' '),
        PROCESS_LIMIT_MS: String(limitSeconds * 1000)
      },
      detached: true,
      stdio: ['ignore', process.stdout.isTTY ? 'inherit' : 'pipe', 'inherit']
    }
  )
  if (tap.stdout !== null) printPlainly(tap.stdout, (line) => console.log(line))
  const group = tap.pid ?? 0
  watchdog.guard(group, 'SIGTERM')
  onStopSignals({ stop: () => process.kill(-group, 'SIGTERM'), force: () => process.kill(-group, 'SIGKILL') })
  return new Promise((resolve) => {
    tap.once('close', (code) => {
      watchdog.release(group)
      resolve(code ?? 1)
    })
  })
}

function isWholeRun(): boolean {
  return process.argv.slice(2).every((argument) => argument.startsWith('-'))
}

function testFiles(): string[] {
  const files = globSync(patterns, { cwd: checkout, exclude: (name) => name === 'node_modules' }).toSorted()
  return process.env.LONG_TESTS === '1' ? files : files.filter((file) => !LONG_ONLY.has(file))
}
