import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'tap'
import { effort } from '../../support/effort.ts'
import { assertPromise } from '../report.ts'
import { type Fault, revokeUnderLoad } from '../revoke-under-load.ts'
import { sharedCluster } from '../shared-cluster.ts'
import type { Link, LinkMode } from '../tcp-proxy.ts'

const COUNT = effort(9, 300)
const MODE_LASTS_MS = 700

test('revocation while the link between a gateway and its token service is broken', async (t) => {
  const cluster = await sharedCluster()
  const { link } = cluster

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
