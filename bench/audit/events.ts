import type { AuditEvent } from '@patgate/contracts'
import { v7 as uuidv7 } from 'uuid'

const PEOPLE = 2_000
const GROUPS = 50
const OPERATIONS = ['read', 'list', 'update', 'create', 'delete'] as const

/** So many tokens and people use a patgate of this size; each has an id that is the same in every run. */
export function idOf(kind: 'person' | 'token', number: number): string {
  const digits = (number % PEOPLE).toString(16).padStart(11, '0')
  return `01890000-0000-7000-8000-${kind === 'person' ? 'a' : 'b'}${digits}`
}

/** What a gateway records of an allowed request; one in fifty is denied. */
export function accessEvent(number: number): Omit<AuditEvent, 'id' | 'producer' | 'boot' | 'seq' | 'time'> {
  const person = (number * 7_919) % PEOPLE
  const isDenied = number % 50 === 0
  const entity = String((number * 31) % 20_000)
  return {
    type: isDenied ? 'access.denied' : 'access.allowed',
    outcome: isDenied ? 'denied' : 'success',
    actor: {
      kind: 'human',
      id: idOf('person', person),
      name: `Person ${person}`,
      token_id: idOf('token', person),
      session_id: null,
      address: `198.51.${person % 100}.${person % 250}`,
      user_agent: 'curl/8.5.0'
    },
    group: `group-${person % GROUPS}`,
    target: { type: number % 3 === 0 ? 'dataset' : 'dashboard', id: entity },
    operation: OPERATIONS[number % OPERATIONS.length] ?? 'read',
    reason: null,
    request: {
      id: uuidv7(),
      method: 'GET',
      path: `/api/groups/group-${person % GROUPS}/dashboards/${entity}`,
      status: isDenied ? 403 : 200,
      duration_ms: 1.53
    },
    details: { owner_id: idOf('person', person), role: 'analyst' }
  }
}

/** A stored event, as the table has it. */
export function storedEvent(boot: string, seq: number, timeMs: number): AuditEvent {
  const where = { id: uuidv7({ msecs: timeMs }), producer: 'gateway:bench', boot, seq }
  return { ...where, time: new Date(timeMs).toISOString(), ...accessEvent(seq) }
}
