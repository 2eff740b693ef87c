import type { ExportHeader, ExportLine } from '@patgate/contracts'
import {
  formatVerifierKey,
  inclusionRanges,
  type LeafRange,
  MissingHash,
  TILE_WIDTH,
  type TiledTree
} from '@patgate/merkle-log'
import type { Kysely } from 'kysely'
import type { AuditKeys } from '../checkpoints/audit-keys.ts'
import { proveConsistency } from '../checkpoints/prove-consistency.ts'
import type { AuditDatabase } from '../database/schema.ts'
import { readTree } from '../merkle/read-tiles.ts'
import { type ExportRow, exportPages } from './export-rows.ts'
import type { ExportPlan } from './plan-export.ts'

export interface WriteExportDeps {
  readonly database: Kysely<AuditDatabase>
  readonly auditKeys: AuditKeys
}

/** An export that can be verified: the header, then each event with its place and its proof, a line each. */
export async function* writeNdjson(deps: WriteExportDeps, plan: ExportPlan): AsyncGenerator<string> {
  yield `${JSON.stringify(await headerOf(deps, plan))}\n`
  for await (const rows of exportPages(deps.database, plan)) {
    const tree = await treeFor(deps.database, plan.checkpoint.size, rows)
    for (const row of rows) yield `${JSON.stringify(lineOf(row, tree))}\n`
  }
}

async function headerOf({ database, auditKeys }: WriteExportDeps, plan: ExportPlan): Promise<ExportHeader> {
  const { checkpoint, consistentWith: first } = plan
  return {
    patgate_export: 1,
    filters: plan.filters,
    filtered: !plan.isContiguous,
    range: plan.range,
    count: plan.count,
    public_key: formatVerifierKey(checkpoint.key),
    retired_keys: auditKeys.keys.filter(({ id }) => id !== checkpoint.key.id).map(formatVerifierKey),
    checkpoint: checkpoint.note,
    consistency: first === null ? null : await proveConsistency({ database }, { first, second: checkpoint.size })
  }
}

function lineOf({ leaf_index, event, matches }: ExportRow, tree: TiledTree): ExportLine {
  return { leaf_index, ...(matches ? {} : { outside: true as const }), hashes: hashesOf(tree, leaf_index), event }
}

/** Without a proof where somebody damaged the tiles: whoever verifies finds that, and the rest of the file helps. */
function hashesOf(tree: TiledTree, index: number): string[] {
  try {
    return tree.inclusionProof(index).map((hash) => hash.toString('base64'))
  } catch (error) {
    if (error instanceof MissingHash || error instanceof RangeError) return []
    throw error
  }
}

/** The tree with the tiles that a page needs. All leaves of a tile need the same tiles, so one of each is asked. */
function treeFor(database: Kysely<AuditDatabase>, size: number, rows: readonly ExportRow[]): Promise<TiledTree> {
  const leafOfTile = new Map(rows.map(({ leaf_index }) => [Math.floor(leaf_index / TILE_WIDTH), leaf_index]))
  const ranges = [...leafOfTile.values()].flatMap((index): LeafRange[] =>
    index < size ? [{ begin: index, end: index + 1 }, ...inclusionRanges(index, size)] : []
  )
  return readTree(database, size, ranges)
}
