import { spawn } from 'node:child_process'
import { existsSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkout, openHome } from './home.ts'
import { ensureDatabase } from './servers/database.ts'
import { startPostgres } from './servers/postgres.ts'
import { startWatchdog } from './supervisor/watchdog.ts'

/**
 * `npm run check`: format, lint and import rules (Biome), types, and every migration twice against a PostgreSQL that is
 * thrown away. All of them run, whatever fails; the summary at the end names each.
 */
interface Step {
  title: string
  run: () => Promise<boolean>
}

const steps: Step[] = [
  {
    title: 'format, lint, import rules',
    run: () => runTool('biome', ['ci', `--colors=${process.stdout.isTTY ? 'force' : 'off'}`, '.'])
  },
  { title: 'types', run: () => runTool('tsc', ['--noEmit']) },
  // What runs in a browser knows the browser's types, and nothing else does.
  { title: 'types of the console', run: () => runTool('tsc', ['--noEmit', '--project', 'packages/console']) },
  { title: 'types of its tests', run: () => runTool('tsc', ['--noEmit', '--project', 'acceptance/console']) },
  { title: 'migrations, twice', run: migrateTwice }
]

const results: { title: string; hasPassed: boolean }[] = []
for (const step of steps) {
  console.log(`\n== ${step.title}`)
  const hasPassed = await step.run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return false
  })
  results.push({ title: step.title, hasPassed })
}
console.log('')
for (const { title, hasPassed } of results) console.log(`${hasPassed ? 'ok    ' : 'FAILED'}  ${title}`)
process.exit(results.every(({ hasPassed }) => hasPassed) ? 0 : 1)

function runTool(name: string, args: string[]): Promise<boolean> {
  return runProgram(join(checkout, 'node_modules', '.bin', name), args)
}

/** The second run must find nothing to do: a migration that cannot be repeated would break a restart. */
async function migrateTwice(): Promise<boolean> {
  const scripts = globSync('services/*/src/database/migrate.ts', { cwd: checkout }).toSorted()
  if (scripts.length === 0) return true
  const home = openHome(join(checkout, '.patgate', `check-${process.pid}`))
  const watchdog = startWatchdog()
  try {
    const postgres = await startPostgres({ directory: home.data('postgres'), watchdog })
    let hasPassed = true
    for (const script of scripts) {
      const database = `check_${script.split('/')[1]?.replaceAll('-', '_')}`
      await ensureDatabase(postgres.url('postgres'), database)
      for (const turn of ['first', 'second']) {
        const succeeded = await runProgram(process.execPath, [script], { DATABASE_URL: postgres.url(database) })
        console.log(`${succeeded ? 'ok    ' : 'FAILED'}  ${script} (${turn} time)`)
        hasPassed &&= succeeded
      }
    }
    await postgres.stop()
    return hasPassed
  } finally {
    watchdog.close()
    if (existsSync(home.root)) rmSync(home.root, { recursive: true })
  }
}

function runProgram(command: string, args: string[], env: Record<string, string> = {}): Promise<boolean> {
  const child = spawn(command, args, {
    cwd: checkout,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit']
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (status) => resolve(status === 0))
  })
}
