import { AuditKeysBody, CheckpointPage, ConsistencyBody, ConsistencyQuery, closed, Problem } from '@patgate/contracts'
import { type App, Fault } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import { Type } from 'typebox'
import type { AuditDatabase } from '../database/schema.ts'
import type { AuditKeys } from './audit-keys.ts'
import { describeKeys } from './describe-keys.ts'
import { type ListCheckpointsDeps, listCheckpoints } from './list-checkpoints.ts'
import { proveConsistency } from './prove-consistency.ts'
import { latestCheckpoint } from './published.ts'

export interface CheckpointRoutesDeps extends ListCheckpointsDeps {
  readonly database: Kysely<AuditDatabase>
  readonly auditKeys: AuditKeys
}

const problems = { '4xx': Problem, '5xx': Problem }
const ListQuery = closed({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 32 }))
})

/** What was signed of the log, and by which key (audit.md, "The Merkle log"). The newest is for everybody to keep. */
export function registerCheckpointRoutes(app: App, deps: CheckpointRoutesDeps): void {
  const open = { policy: 'public' } as const
  const session = { policy: 'session' } as const

  app.get(
    '/v1/audit/checkpoint',
    { config: open, schema: { response: { 200: Type.String(), ...problems } } },
    async (_request, reply) => {
      const last = await latestCheckpoint(deps.database)
      if (last === null) throw new Fault('not_found', { detail: 'No checkpoint was signed yet' })
      // As tlog-tiles serves it: text, and never an old one.
      return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(last.note)
    }
  )

  app.get(
    '/.well-known/patgate-audit-key',
    { config: open, schema: { response: { 200: AuditKeysBody, ...problems } } },
    async (_request, reply) => reply.header('cache-control', 'public, max-age=60').send(describeKeys(deps.auditKeys))
  )

  app.get(
    '/v1/audit/checkpoints',
    { config: session, schema: { querystring: ListQuery, response: { 200: CheckpointPage, ...problems } } },
    (request) => listCheckpoints(deps, request.query)
  )

  app.get(
    '/v1/audit/consistency',
    { config: session, schema: { querystring: ConsistencyQuery, response: { 200: ConsistencyBody, ...problems } } },
    (request) => proveConsistency(deps, request.query)
  )
}
