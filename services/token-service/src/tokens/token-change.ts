import type { ChangeSelector, EventType } from '@patgate/contracts'
import type { Origin } from '../changes/event.ts'
import type { Change } from '../changes/record-change.ts'
import type { TokenRow, Write } from '../database/schema.ts'
import { digestsOf } from './secrets.ts'

export interface TokenEvent {
  readonly type: EventType
  readonly origin: Origin
  readonly reason?: string
  readonly group?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * A change of one token, for the change log. The event names the owner, who may therefore read it, and the token by its
 * name; never by a secret.
 */
export function tokenChange(
  token: Pick<TokenRow, 'id' | 'owner_id' | 'name'>,
  selector: ChangeSelector | null,
  { details, ...event }: TokenEvent
): Change {
  return {
    selector,
    event: {
      ...event,
      target: { type: 'token', id: token.id },
      details: { owner_id: token.owner_id, name: token.name, ...details }
    }
  }
}

/** The same for a change of what the token may do: whoever remembers one of its secrets must forget it. */
export async function rightsChange(
  transaction: Write,
  token: Pick<TokenRow, 'id' | 'owner_id' | 'name'>,
  event: TokenEvent
): Promise<Change> {
  return tokenChange(token, { digests: await digestsOf(transaction, token.id) }, event)
}
