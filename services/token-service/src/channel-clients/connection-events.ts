import type { Actor, RefusedIdentity } from '@patgate/contracts'
import type { Change } from '../changes/record-change.ts'
import type { ConnectionRow, Ending } from '../database/channel-tables.ts'
import type { ClientRequest } from './client-request.ts'
import type { Admission } from './decide-on-client.ts'

/** Why a connection is over: ended by us, or by whom else. */
export type EndReason = Ending | 'slow' | 'client' | 'server' | 'unknown'

/** What the NATS server counted of a connection that is over. */
export interface Traffic {
  readonly publishedMessages: number
  readonly publishedBytes: number
  readonly receivedMessages: number
  readonly receivedBytes: number
  /** In the server's words. */
  readonly serverReason: string
}

/** Who an admitted client is, as an actor of events. */
export function actorOf({ address, software }: ClientRequest, { snapshot }: Admission): Actor {
  const { kind, owner, token_id } = snapshot
  return { kind, id: owner.id, name: owner.name, token_id, session_id: null, address, user_agent: software }
}

/** Nobody's rights change by a connection: the change log carries the event, and no holder has to forget anything. */
export function connectedChange(row: ConnectionRow): Change {
  return {
    selector: null,
    event: {
      type: 'channel.connected',
      origin: { actor: row.actor, request: null },
      target: null,
      ...groupOf(row),
      details: {
        ...connectionDetails(row),
        publish: row.publish,
        subscribe: row.subscribe,
        ends_at: row.ends_at.toISOString()
      }
    }
  }
}

export function disconnectedChange(row: ConnectionRow, reason: EndReason, traffic: Traffic | null): Change {
  return {
    selector: null,
    event: {
      type: 'channel.disconnected',
      origin: { actor: row.actor, request: null },
      target: null,
      ...groupOf(row),
      reason,
      details: {
        ...connectionDetails(row),
        messages_published: traffic?.publishedMessages ?? null,
        bytes_published: traffic?.publishedBytes ?? null,
        messages_received: traffic?.receivedMessages ?? null,
        bytes_received: traffic?.receivedBytes ?? null,
        server_reason: traffic?.serverReason ?? null
      }
    }
  }
}

/** A client that was not let in; `count` of them where they were too many to be told of singly. */
export function deniedChange(
  request: Pick<ClientRequest, 'address' | 'software' | 'protocol' | 'mqttClientId'> | null,
  reason: string,
  identity: RefusedIdentity | null,
  count: number
): Change {
  return {
    selector: null,
    event: {
      type: 'channel.denied',
      outcome: 'denied',
      origin: {
        actor: {
          kind: 'anonymous',
          id: identity?.owner_id ?? null,
          name: identity?.owner_name ?? null,
          token_id: identity?.token_id ?? null,
          session_id: null,
          address: request?.address ?? null,
          user_agent: request?.software ?? null
        },
        request: null
      },
      target: null,
      reason,
      details: {
        ...(identity === null ? {} : { owner_id: identity.owner_id }),
        ...(request === null ? {} : { protocol: request.protocol, client_id: request.mqttClientId }),
        count
      }
    }
  }
}

function connectionDetails(row: ConnectionRow): Record<string, unknown> {
  const { owner_id, protocol, mqtt_client_id, server_id, cid } = row
  return { owner_id, protocol, client_id: mqtt_client_id, connection: `${server_id}:${cid}` }
}

/** The group it is all about, if it is one: then its maintainers see the event. */
function groupOf({ publish, subscribe }: ConnectionRow): { group?: string } {
  const groups = new Set([...publish, ...subscribe].map((subject) => subject.split('.')[1] ?? ''))
  const [group, ...others] = groups
  return group === undefined || others.length > 0 ? {} : { group }
}
