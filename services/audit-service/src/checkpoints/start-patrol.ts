import { TILE_WIDTH } from '@patgate/merkle-log'
import type { Logger } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import { type Repetition, repeatEvery } from '../repeat-every.ts'
import type { Alarm } from './alarm.ts'
import { checkEvents } from './check-events.ts'
import { checkTiles } from './check-tiles.ts'
import { latestCheckpoint, logSize } from './published.ts'

export interface PatrolDeps {
  readonly database: Kysely<AuditDatabase>
  readonly alarm: Alarm
  readonly logger: Logger
}

const STEP_EVERY_MS = 1_000
const TILES_PER_STEP = 4
const LEAVES_PER_STEP = TILES_PER_STEP * TILE_WIDTH

/**
 * Walks through everything that was signed, a thousand events a second, again and again: an old event that somebody
 * changed is in no proof that the signer needs, and is found here, within hours even in a log of millions.
 */
export function startPatrol({ database, alarm, logger }: PatrolDeps): Repetition {
  let next = 0

  async function step(): Promise<void> {
    const size = (await latestCheckpoint(database))?.tree_size ?? 0
    const begin = Math.max(next, await firstStored(database))
    const end = Math.min(begin + LEAVES_PER_STEP - (begin % TILE_WIDTH), size)
    next = end >= size ? 0 : end
    if (begin >= end) return
    const range = { begin, end }
    const whole = database.transaction().setIsolationLevel('repeatable read')
    const findings = await whole.execute(async (snapshot) => [
      await checkTiles(snapshot, await logSize(snapshot), range),
      await checkEvents(snapshot, range)
    ])
    for (const finding of findings) if (finding !== null) await alarm.raise(finding)
  }

  return repeatEvery(STEP_EVERY_MS, step, (err) => logger.warn({ err }, 'a step of the patrol failed'))
}

/** Retention drops whole partitions, and with them a beginning of the log; of that only the tiles remain. */
async function firstStored(database: Kysely<AuditDatabase>): Promise<number> {
  const { first_leaf } = await database.selectFrom('audit_head').select('first_leaf').executeTakeFirstOrThrow()
  return first_leaf
}
