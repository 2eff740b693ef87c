import t from 'tap'
import { killAfter } from './fixtures/killed-process.ts'
import { eventsIn, openTestSpool, temporaryDirectory } from './fixtures/spool-directory.ts'

const KILLED_AFTER_LINES = [1, 2, 50, 333, 1_000, 2_500]

t.test('kill -9 at any point: whatever was answered for is there, once and in order, boot after boot', async (t) => {
  const directory = temporaryDirectory(t)
  const told: { boot: string; seqs: number[] }[] = []
  for (const lines of KILLED_AFTER_LINES) {
    const [boot = '', ...seqs] = await killAfter(lines, './append-until-killed.ts', directory)
    told.push({ boot, seqs: seqs.map(Number) })
  }
  const spool = await openTestSpool(t, { directory })
  const events = eventsIn(directory)
  let previousLast: number | null = null
  let previousBoot: string | null = null
  for (const { boot, seqs } of told) {
    const kept = events.filter((event) => event.boot === boot)
    t.same(
      kept.map(({ seq }) => seq),
      kept.map((_, index) => index + 1),
      'no hole and no number twice'
    )
    t.ok(kept.length >= Math.max(1, ...seqs), `${seqs.length} were told, ${kept.length} are there`)
    t.same(kept[0]?.details, { previous_boot: previousBoot, previous_last_seq: previousLast })
    previousBoot = boot
    previousLast = kept.length
  }
  t.match(events.at(-1), { boot: spool.boot, seq: 1, details: { previous_boot: previousBoot } })
})
