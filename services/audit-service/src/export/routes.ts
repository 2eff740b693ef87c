import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { ExportQuery, ExportTicket, IdParams, Problem } from '@patgate/contracts'
import { type App, Fault } from '@patgate/service-kit'
import { Type } from 'typebox'
import { callerFrom } from '../auth/session-policy.ts'
import { namesOf, refuseUnstorable } from '../events/filters.ts'
import { type RecordReadDeps, recordRead } from '../events/record-read.ts'
import { exportPath, MEDIA_TYPES } from './export-formats.ts'
import { findExport } from './find-export.ts'
import { type RequestExportDeps, requestExport, ticketOf } from './request-export.ts'

export interface ExportRoutesDeps extends RequestExportDeps, RecordReadDeps {
  readonly exportDirectory: string
}

const config = { policy: 'session' } as const
const lines = {
  content: {
    'application/x-ndjson': { schema: Type.String({ description: 'A header, then one event per line' }) },
    'text/csv': { schema: Type.String() }
  }
}
const response = { 200: lines, 202: ExportTicket, '4xx': Problem, '5xx': Problem }

/** Taking the log out of the house (audit.md, "The Merkle log" and "Reading"); recorded before anything leaves. */
export function registerExportRoutes(app: App, deps: ExportRoutesDeps): void {
  app.get('/v1/audit/export', { config, schema: { querystring: ExportQuery, response } }, async (request, reply) => {
    const { format = 'ndjson', consistent_with: _size, ...filters } = request.query
    refuseUnstorable(filters)
    const caller = callerFrom(request)
    const details = { format, filters: namesOf(filters) }
    await recordRead(deps, { request, caller, target: null, details, type: 'audit.exported' })
    const requested = await requestExport(deps, caller, request.query)
    reply.header('cache-control', 'no-store')
    if (requested.kind === 'ticket') return reply.code(202).send(requested.ticket)
    return reply
      .type(MEDIA_TYPES[requested.format])
      .header('content-disposition', `attachment; filename="patgate-audit.${requested.format}"`)
      .send(Readable.from(requested.lines) as never)
  })

  app.get('/v1/audit/exports/:id', { config, schema: { params: IdParams, response } }, async (request, reply) => {
    const caller = callerFrom(request)
    const { id, state, format } = await findExport(deps, caller, request.params.id)
    reply.header('cache-control', 'no-store')
    if (state === 'waiting') return reply.code(202).send(ticketOf(id, state))
    if (state === 'failed') throw new Fault('conflict', { detail: 'It could not be written: ask for the export again' })
    const target = { type: 'audit_export', id }
    await recordRead(deps, { request, caller, target, details: { format }, type: 'audit.exported' })
    return reply
      .type(MEDIA_TYPES[format])
      .header('content-disposition', `attachment; filename="patgate-audit-${id}.${format}"`)
      .send(createReadStream(exportPath(deps.exportDirectory, id, format)) as never)
  })
}
