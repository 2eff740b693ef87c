import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'tap'
import { effort } from '../../support/effort.ts'
import { assertPromise } from '../report.ts'
import { type Fault, revokeUnderLoad } from '../revoke-under-load.ts'
import { sharedCluster } from '../shared-cluster.ts'

const COUNT = effort(12, 300)
// Longer than a lease, so that what it wakes up with is over; and shorter, so that its lease may still be live.
const STOPS_MS = [3_000, 600]
const RUNS_MS = 1_200

test('revocation while a gateway is stopped, and goes on later', async (t) => {
  const cluster = await sharedCluster()
  const stopped = (await cluster.patgate.readRunFile()).pids.gateways[2]
  if (stopped === undefined) throw new Error('no third gateway')

  const fault: Fault = async (over) => {
    while (!over.aborted) {
      for (const stopMs of STOPS_MS) {
        process.kill(stopped, 'SIGSTOP')
        await pause(stopMs, undefined, { signal: over }).catch(() => undefined)
        process.kill(stopped, 'SIGCONT')
        await pause(RUNS_MS, undefined, { signal: over }).catch(() => undefined)
      }
    }
  }
  // Revocations go through the other two: a stopped gateway answers nobody.
  assertPromise(t, await revokeUnderLoad(cluster, { count: COUNT, fault, through: [0, 1] }))
})
