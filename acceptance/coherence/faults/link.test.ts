import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'tap'
import { freePort } from '../../support/free-port.ts'
import { startCluster } from '../cluster.ts'
import { effort } from '../effort.ts'
import { assertPromise } from '../report.ts'
import { type Fault, revokeUnderLoad } from '../revoke-under-load.ts'
import { type Link, type LinkMode, openLink } from '../tcp-proxy.ts'

const COUNT = effort(18, 300)
const MODE_LASTS_MS = 700

test('revocation while the link between a gateway and its token service is broken', async (t) => {
  // Gateways 1 and 3 share the first token service; only the third has to go through the link.
  const [internalPort, otherInternalPort, linkPort] = [await freePort(), await freePort(), await freePort()]
  const link = await openLink(linkPort, internalPort)
  t.teardown(() => link.close())
  const cluster = await startCluster(t, {
    environment: {
      TOKEN_SERVICE_INTERNAL_PORTS: `${internalPort},${otherInternalPort}`,
      TOKEN_SERVICE_LINKS: `,,http://127.0.0.1:${linkPort}`
    }
  })

  const CASES: Record<string, LinkMode[]> = {
    'it delays, and answers overtake each other': ['delay'],
    'it is cut, and open again, in turn': ['drop', 'pass'],
    'it swallows what is said, and passes, in turn': ['swallow', 'pass']
  }
  for (const [what, modes] of Object.entries(CASES)) {
    await t.test(what, async (t) => {
      assertPromise(t, await revokeUnderLoad(cluster, { count: COUNT, fault: broken(link, modes) }))
    })
  }
})

const broken =
  (link: Link, modes: readonly LinkMode[]): Fault =>
  async (over) => {
    while (!over.aborted) {
      for (const mode of modes) {
        link.become(mode)
        await pause(MODE_LASTS_MS, undefined, { signal: over }).catch(() => undefined)
      }
    }
    link.become('pass')
  }
