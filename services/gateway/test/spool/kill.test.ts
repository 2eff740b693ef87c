import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { eventsIn, openTestSpool, temporaryDirectory } from './fixtures/spool-directory.ts'

const child = fileURLToPath(new URL('./fixtures/append-until-killed.ts', import.meta.url))
const KILLED_AFTER_LINES = [1, 2, 50, 333, 1_000, 2_500]

/** Kills the process when it has printed so many numbers, and answers all that it said until it was dead. */
async function killAfter(lines: number, directory: string): Promise<{ boot: string; seqs: number[] }> {
  const process_ = spawn(process.execPath, [child, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said: string[] = []
  const output = createInterface({ input: process_.stdout })
  output.on('line', (line) => {
    said.push(line)
    if (said.length === lines) process_.kill('SIGKILL')
  })
  const [, signal] = (await once(process_, 'close')) as [number | null, string | null]
  if (signal !== 'SIGKILL') throw new Error('the process ended by itself')
  const [boot = '', ...numbers] = said
  return { boot, seqs: numbers.map(Number) }
}

t.test('kill -9 at any point: whatever was answered for is there, once and in order, boot after boot', async (t) => {
  const directory = temporaryDirectory(t)
  const told: { boot: string; seqs: number[] }[] = []
  for (const lines of KILLED_AFTER_LINES) told.push(await killAfter(lines, directory))
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
