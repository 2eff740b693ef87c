import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from './config.ts'
import { runningIn } from './home.ts'
import type { RunFile } from './run-file.ts'

/** `npm run reload`: tells the running services to read `patgate.yaml` again; their log says what became of it. */
try {
  const { home } = loadConfig(process.env)
  const path = join(home, 'run.json')
  if (runningIn(home) === undefined || !existsSync(path)) throw new Error(`nothing runs from ${home}`)
  const { pids }: RunFile = JSON.parse(readFileSync(path, 'utf8'))
  for (const pid of [...pids.token_services, ...pids.gateways]) process.kill(pid, 'SIGHUP')
  console.log('patgate: the services read patgate.yaml again; their log says whether it is in force.')
} catch (error) {
  console.error(`patgate: ${error instanceof Error ? error.message : error}`)
  process.exit(1)
}
