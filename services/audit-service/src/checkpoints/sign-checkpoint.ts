import { type Checkpoint, EMPTY_ROOT, NoteError, openCheckpoint, signCheckpoint, TILE_WIDTH } from '@patgate/merkle-log'
import type { Clock } from '@patgate/service-kit'
import { type Kysely, sql } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import type { AuditKeys } from './audit-keys.ts'
import { checkEvents } from './check-events.ts'
import { checkGrowth, readGrowth } from './check-growth.ts'
import { checkTiles } from './check-tiles.ts'
import type { CheckpointFolder } from './checkpoint-folder.ts'
import type { Finding } from './finding.ts'
import { AT_MOST_EVERY_MS, ageMs, latestCheckpoint, logSize, type PublishedCheckpoint } from './published.ts'

export interface SignDeps {
  readonly database: Kysely<AuditDatabase>
  readonly clock: Clock
  readonly auditKeys: AuditKeys
  readonly folder: CheckpointFolder
}

export type SignOutcome =
  | { readonly kind: 'signed'; readonly checkpoint: Checkpoint }
  /** Everything stored is covered already. */
  | { readonly kind: 'current' }
  /** Another replica is signing, or has done so within the last second. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'refused'; readonly finding: Finding }

const SIGNER_LOCK = 7_215_002

/**
 * So many of the newest events are hashed again before they are signed; of a flood, those before them are left to the patrol.
 * What is signed is the tree, into which every event went when it was stored: one that was changed since is found by whoever
 * verifies, whatever is looked at here.
 */
const HASHED_AGAIN = 8 * TILE_WIDTH

/**
 * Signs the log as it stands, if it is what the last checkpoint says it was and all that came since is in order; else it
 * signs nothing and says why. One signer at a time, whichever replica it is. The folder is written before the table:
 * whoever dies in between finds the checkpoint there, and the next one puts it into the table.
 */
export async function signNext(deps: SignDeps): Promise<SignOutcome> {
  return deps.database.connection().execute(async (connection) => {
    const lock = await sql<{ taken: boolean }>`
      select pg_try_advisory_lock(${sql.lit(SIGNER_LOCK)}) as taken
    `.execute(connection)
    if (lock.rows[0]?.taken !== true) return { kind: 'busy' }
    try {
      return await signAlone({ ...deps, database: connection })
    } finally {
      await sql`select pg_advisory_unlock(${sql.lit(SIGNER_LOCK)})`.execute(connection)
    }
  })
}

async function signAlone(deps: SignDeps): Promise<SignOutcome> {
  // Asked again under the lock: whoever held it before may have signed meanwhile.
  const latest = await latestCheckpoint(deps.database)
  if (ageMs(latest, deps.clock.now()) < AT_MOST_EVERY_MS) return { kind: 'busy' }
  const previous = await readPrevious(deps, latest)
  if ('code' in previous) return { kind: 'refused', finding: previous }
  const { last, isPublished } = previous
  // One snapshot for everything that is compared: events go on being stored meanwhile.
  const transaction = deps.database.transaction().setIsolationLevel('repeatable read')
  const head = await transaction.execute((snapshot) => checkedHead(snapshot, last))
  if ('code' in head) return { kind: 'refused', finding: head }
  if (last !== null && !isPublished) await publish(deps, last)
  if (head.size === (last?.size ?? 0)) return { kind: 'current' }
  const checkpoint = signCheckpoint(head, deps.auditKeys.signer)
  await deps.folder.append(checkpoint.note, new Date(deps.clock.now()))
  await publish(deps, checkpoint)
  return { kind: 'signed', checkpoint }
}

interface Previous {
  readonly last: Checkpoint | null
  readonly isPublished: boolean
}

/**
 * The last checkpoint: of the folder, which the database cannot change, or of the table where that one is newer, since
 * another replica may write another folder. Both have to be signed by a known key.
 */
async function readPrevious(
  { folder, auditKeys }: SignDeps,
  table: PublishedCheckpoint | null
): Promise<Previous | Finding> {
  try {
    const note = await folder.last()
    const kept = note === null ? null : openCheckpoint(note, auditKeys.keys)
    const published = table === null ? null : openCheckpoint(table.note, auditKeys.keys)
    const isTableNewer = (published?.size ?? 0) > (kept?.size ?? 0)
    return isTableNewer
      ? { last: published, isPublished: true }
      : { last: kept, isPublished: kept?.size === published?.size }
  } catch (error) {
    if (!(error instanceof NoteError || error instanceof SyntaxError || error instanceof TypeError)) throw error
    return { code: 'checkpoint_unreadable', message: `the last checkpoint cannot be believed: ${error.message}` }
  }
}

/** Size and root of the log in this snapshot, or what is wrong with it. */
async function checkedHead(
  database: Kysely<AuditDatabase>,
  last: Checkpoint | null
): Promise<{ size: number; root: Buffer } | Finding> {
  const size = await logSize(database)
  const covered = last?.size ?? 0
  const tree = await readGrowth(database, covered, size)
  const news = { begin: covered, end: size }
  const finding =
    checkGrowth(tree, last ?? { size: 0, root: EMPTY_ROOT }) ??
    (await checkTiles(database, size, news)) ??
    (await checkEvents(database, { begin: Math.max(covered, size - HASHED_AGAIN), end: size })) ??
    (await unexpectedEvent(database, size))
  return finding ?? { size, root: tree.root() }
}

async function unexpectedEvent(database: Kysely<AuditDatabase>, size: number): Promise<Finding | null> {
  const stranger = await database
    .selectFrom('audit_events')
    .select('leaf_index')
    .where('leaf_index', '>=', size)
    .limit(1)
    .executeTakeFirst()
  if (stranger === undefined) return null
  return {
    code: 'event_unexpected',
    message: `there is an event of leaf ${stranger.leaf_index}, which was never stored`
  }
}

async function publish({ database, clock }: SignDeps, { size, root, note }: Checkpoint): Promise<void> {
  await database
    .insertInto('audit_checkpoints')
    .values({ tree_size: size, root, note, created_at: new Date(clock.now()) })
    .onConflict((conflict) => conflict.column('tree_size').doNothing())
    .execute()
}
