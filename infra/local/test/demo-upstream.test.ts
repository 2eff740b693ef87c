import t from 'tap'
import { startDemoUpstream } from '../demo-upstream.ts'
import type { DeclaredRoutes } from '../patgate-yaml.ts'
import { startWatchdog } from '../supervisor/watchdog.ts'

const USUAL = 'http://127.0.0.1:9101'
const routes: DeclaredRoutes = { entityTypes: [], demoUpstream: new URL(USUAL), paths: [] }

t.test(
  'Runners that start at the same moment each have a demo API, one of them at most at the usual address',
  async (t) => {
    const watchdog = startWatchdog()
    t.teardown(() => watchdog.close())
    const lines: string[] = []
    const surroundings = { watchdog, print: (line: string) => void lines.push(line) }
    const started = await Promise.all(Array.from({ length: 4 }, () => startDemoUpstream(routes, true, surroundings)))
    t.teardown(() => Promise.all(started.map((upstream) => upstream?.process.stop())))

    const urls = started.map((upstream) => upstream?.overridingUrl ?? USUAL)
    t.equal(new Set(urls).size, urls.length, urls.join(', '))
    for (const url of urls) t.equal((await fetch(`${url}/api/groups/demo/dashboards`)).status, 200, url)
    t.notMatch(lines.join('\n'), 'it is started again')
  }
)
