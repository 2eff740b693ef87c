import type { OperationDocs } from '@patgate/service-kit'

/** What the examples speak of; a test puts exactly these into a database and sends every example as it stands. */
export const IDS = {
  event: '01980000-0000-7000-8000-000000000001',
  token: '01980000-0000-7000-8000-000000000011',
  webhook: '01980000-0000-7000-8000-000000000021',
  export: '01980000-0000-7000-8000-000000000031'
} as const

const log = { tag: 'Audit log' }
const webhooks = { tag: 'Webhooks' }
const event = { params: { id: IDS.event } }
const webhook = { params: { id: IDS.webhook } }
const letter = { params: { id: IDS.webhook, event_id: IDS.event } }

/** Every call of this service in words; the schemas of its routes say the rest. */
export const OPERATIONS: OperationDocs = {
  'GET /v1/audit/events': {
    ...log,
    name: 'listAuditEvents',
    summary: 'Lists the events one may see, the newest first',
    query: { token: IDS.token, outcome: 'denied', limit: 20 }
  },
  'GET /v1/audit/events/:id': { ...log, ...event, name: 'readAuditEvent', summary: 'Reads one event' },
  'GET /v1/audit/events/:id/proof': {
    ...log,
    ...event,
    name: 'proveAuditEvent',
    summary: 'Proves that an event is in the signed log; 404 until a checkpoint covers it'
  },
  'GET /v1/audit/stats': {
    ...log,
    name: 'countAuditEvents',
    summary: 'Counts events over time',
    query: { by: 'operation', interval: '1h' },
    problems: [400]
  },
  'GET /v1/audit/tail': {
    ...log,
    name: 'followAuditEvents',
    summary: 'Follows the log as server-sent events; `Last-Event-ID` goes on where one was',
    query: { type: 'access.denied' }
  },
  'GET /v1/audit/export': {
    ...log,
    name: 'exportAuditLog',
    summary:
      'Exports the log so that an outsider can verify it; a large one answers 202 with the place where it will be',
    query: { format: 'ndjson', from: '2026-01-01T00:00:00Z' }
  },
  'GET /v1/audit/exports/:id': {
    ...log,
    name: 'fetchAuditExport',
    summary: 'Fetches a large export; 202 while it is written',
    params: { id: IDS.export }
  },
  'GET /v1/audit/checkpoint': {
    ...log,
    name: 'readAuditCheckpoint',
    summary: 'The newest checkpoint, a C2SP signed note'
  },
  'GET /v1/audit/checkpoints': {
    ...log,
    name: 'listAuditCheckpoints',
    summary: 'Lists checkpoints, the newest first',
    query: { limit: 10 }
  },
  'GET /v1/audit/consistency': {
    ...log,
    name: 'proveAuditConsistency',
    summary: 'Proves that one log is the beginning of another',
    query: { first: 1, second: 2 }
  },
  'GET /.well-known/patgate-audit-key': { ...log, name: 'readAuditKeys', summary: 'The public keys of checkpoints' },
  'GET /v1/webhooks': {
    ...webhooks,
    name: 'listWebhooks',
    summary: 'Lists where events are sent to',
    query: { limit: 20 }
  },
  'POST /v1/webhooks': {
    ...webhooks,
    name: 'createWebhook',
    summary: 'Sends events to a receiver; the secret is in this answer only',
    body: { name: 'chat', url: 'https://93.184.216.34/patgate', filter: { types: ['token.*'] }, enabled: false }
  },
  'GET /v1/webhooks/:id': {
    ...webhooks,
    ...webhook,
    name: 'readWebhook',
    summary: 'Reads a webhook and how far it is'
  },
  'PATCH /v1/webhooks/:id': {
    ...webhooks,
    ...webhook,
    name: 'changeWebhook',
    summary: 'Changes a webhook, and tries anew what it waited for',
    body: { name: 'chat of the crew' }
  },
  'POST /v1/webhooks/:id/rotate': {
    ...webhooks,
    ...webhook,
    name: 'rotateWebhookSecret',
    summary: 'Gives a webhook a new secret; the old one signs beside it for a day',
    problems: [409]
  },
  'DELETE /v1/webhooks/:id': {
    ...webhooks,
    ...webhook,
    name: 'deleteWebhook',
    summary: 'Sends nothing there any more'
  },
  'GET /v1/webhooks/:id/dead-letters': {
    ...webhooks,
    ...webhook,
    name: 'listDeadLetters',
    summary: 'Lists events that were given up'
  },
  'POST /v1/webhooks/:id/dead-letters/:event_id/retry': {
    ...webhooks,
    ...letter,
    name: 'retryDeadLetter',
    summary: 'Sends one of them again'
  },
  'DELETE /v1/webhooks/:id/dead-letters/:event_id': {
    ...webhooks,
    ...letter,
    name: 'discardDeadLetter',
    summary: 'Forgets one of them'
  },
  'GET /v1/openapi.json': { ...log, name: 'readAuditDescription', summary: 'This document' }
}
