import { randomUUID } from 'node:crypto'
import type { AuditEvent, EventBatch } from '@patgate/contracts'

const boot = randomUUID()

/** A batch of one event with this number. */
export function batchOf(seq: number): EventBatch {
  const event: AuditEvent = {
    id: randomUUID(),
    producer: 'test',
    boot,
    seq,
    time: '2026-01-31T12:00:00.000Z',
    type: 'access.allowed',
    outcome: 'success',
    actor: {
      kind: 'anonymous',
      id: null,
      name: null,
      token_id: null,
      session_id: null,
      address: null,
      user_agent: null
    },
    group: null,
    target: null,
    operation: null,
    reason: null,
    request: null,
    details: {}
  }
  return { version: 1, events: [event] }
}
