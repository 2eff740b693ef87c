import { setTimeout as pause } from 'node:timers/promises'
import { isOutage, type Logger } from '@patgate/service-kit'
import { repeatEvery } from '../repeat-every.ts'
import type { Alarm } from './alarm.ts'
import { AT_MOST_EVERY_MS, ageMs, latestCheckpoint, logSize, type PublishedCheckpoint } from './published.ts'
import { type SignDeps, type SignOutcome, signNext } from './sign-checkpoint.ts'

export interface CheckpointingDeps extends SignDeps {
  readonly alarm: Alarm
  readonly logger: Logger
}

/** Signs checkpoints as the log grows. */
export interface Checkpointing {
  /**
   * The checkpoint that covers everything stored by now: makes one where there is none, within about a second. Where
   * nothing can be signed it is the last one there is; null when there never was one.
   */
  coverAll(): Promise<PublishedCheckpoint | null>
  stop(): Promise<void>
}

const LOOK_EVERY_MS = 250
/** A checkpoint is due after so many events, or so much time when there are any (audit.md, "The Merkle log"). */
const EVENTS_PER_CHECKPOINT = 1_000
const CHECKPOINT_EVERY_MS = 60_000
/** A log that does not grow is compared with its last checkpoint all the same; and after a refusal there is no hurry. */
const COMPARE_EVERY_MS = 10_000
const COVER_WITHIN_MS = 5_000
const WHILE_BUSY_MS = 50

export function startCheckpointing(deps: CheckpointingDeps): Checkpointing {
  const { database, clock, alarm, logger } = deps
  let comparedAtMs = Number.NEGATIVE_INFINITY
  let isRefusing = false

  async function sign(): Promise<SignOutcome> {
    const outcome = await signNext(deps)
    comparedAtMs = performance.now()
    isRefusing = outcome.kind === 'refused'
    if (outcome.kind === 'refused') await alarm.raise(outcome.finding)
    return outcome
  }

  async function signWhenDue(): Promise<void> {
    const isTimeToCompare = performance.now() - comparedAtMs >= COMPARE_EVERY_MS
    if (isRefusing && !isTimeToCompare) return
    const [last, size] = [await latestCheckpoint(database), await logSize(database)]
    const isIdle = size === (last?.tree_size ?? 0)
    if (isIdle ? isTimeToCompare : isDue(last, size, clock.now())) await sign()
  }

  const looking = repeatEvery(LOOK_EVERY_MS, signWhenDue, (err) => {
    const level = isOutage(err) ? 'warn' : 'error'
    logger[level]({ err }, 'no checkpoint could be made; it is tried again')
  })

  return {
    async coverAll() {
      const wanted = await logSize(database)
      const deadlineMs = performance.now() + COVER_WITHIN_MS
      let last = await latestCheckpoint(database)
      while ((last === null || last.tree_size < wanted) && performance.now() < deadlineMs) {
        await pause(untilNextMs(last, clock.now()))
        const { kind } = await sign()
        if (kind === 'refused') break
        if (kind === 'busy') await pause(WHILE_BUSY_MS)
        last = await latestCheckpoint(database)
      }
      return last
    },
    stop: () => looking.stop()
  }
}

/** Also when the log is smaller than its checkpoint: whoever signs has to see that. */
function isDue(last: PublishedCheckpoint | null, size: number, nowMs: number): boolean {
  const covered = last?.tree_size ?? 0
  const age = ageMs(last, nowMs)
  if (age < AT_MOST_EVERY_MS) return false
  return size < covered || size - covered >= EVENTS_PER_CHECKPOINT || age >= CHECKPOINT_EVERY_MS
}

function untilNextMs(last: PublishedCheckpoint | null, nowMs: number): number {
  return Math.max(AT_MOST_EVERY_MS - ageMs(last, nowMs), 0)
}
