import { test } from 'tap'
import { violationsOf } from './checker.ts'
import { answerTimesMs } from './report.ts'
import { revokeUnderLoad } from './revoke-under-load.ts'
import { sharedCluster } from './shared-cluster.ts'

const COUNT = 12

test('calls that do not wait are seen to be accepted after their answer: this harness can find a violation', async (t) => {
  const cluster = await sharedCluster()
  const { nats } = (await cluster.patgate.readRunFile()).pids
  const history = await revokeUnderLoad(cluster, {
    count: COUNT,
    query: '?wait=false',
    // Without the fast path, gateways learn of a change from their next renewal only.
    fault: async (over) => {
      process.kill(nats, 'SIGSTOP')
      await new Promise((resolve) => over.addEventListener('abort', resolve))
      process.kill(nats, 'SIGCONT')
    }
  })
  const violations = violationsOf(history)
  const latestMs = Math.max(...violations.map(({ use, change }) => use.invokedMs - (change.returnedMs ?? 0)))
  const tokens = new Set(violations.map(({ use }) => use.token)).size
  t.comment(
    `${violations.length} accepts after the answer, on ${tokens} of ${COUNT} tokens; the latest ${latestMs.toFixed(0)} ms`
  )
  t.ok(violations.length > 0, 'the checker turns red')
  t.ok(latestMs < 2_000, 'a change that nobody waits for comes into force within a lease all the same')
  t.ok((answerTimesMs(history)[0] ?? 0) < 500, 'the answer did not wait for the renewals')
})
