import { announcement } from './announcement.ts'
import { loadConfig } from './config.ts'
import { lockHome, openHome } from './home.ts'
import { createParts } from './parts.ts'
import { startEverything } from './runner.ts'
import { onStopSignals } from './supervisor/stop-signals.ts'
import { startWatchdog } from './supervisor/watchdog.ts'

/** `npm start`: everything patgate needs, until Ctrl-C. */
const print = (line: string) => void process.stdout.write(`${line}\n`)
const report = (line: string) => print(`patgate: ${line}`)
// A terminal that went away must not stop the runner before it has stopped what it started.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const parts = createParts()
const watchdog = startWatchdog()

onStopSignals({
  stop: (reason) => {
    report(`stopping (${reason})`)
    void finish(0)
  },
  force: (reason) => {
    report(`ending at once (${reason})`)
    parts.kill()
    process.exit(1)
  }
})

try {
  const config = loadConfig(process.env)
  const home = openHome(config.home)
  const lock = lockHome(home.root)
  process.on('exit', () => lock.release())
  const { run, routes } = await startEverything({ config, home, parts, watchdog, report, print })
  print(announcement(run, routes, performance.now()))
} catch (error) {
  // Whatever fails while everything is being stopped has been stopped.
  if (!parts.isStopping) {
    report(error instanceof Error ? error.message : String(error))
    report('patgate was not started.')
    await finish(1)
  }
}

async function finish(status: number): Promise<void> {
  await parts.stop()
  watchdog.close()
  process.exit(status)
}
