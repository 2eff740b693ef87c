import type { Bus } from '@patgate/event-bus'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { End } from './end-connections.ts'

/** One replica hears of each end. */
const QUEUE = 'patgate-token-service'
const SUBJECT = '$SYS.ACCOUNT.CHANNELS.DISCONNECT'

const Traffic = Type.Object({ msgs: Type.Number(), bytes: Type.Number() })
const advisory = Compile(
  Type.Object({
    server: Type.Object({ id: Type.String() }),
    client: Type.Object({ id: Type.Integer() }),
    sent: Traffic,
    received: Traffic,
    reason: Type.String()
  })
)

/** Calls back for each client that is gone, as the NATS server tells it, until it is stopped. */
export function followDisconnects(system: Bus, onEnd: (end: End) => void): { stop(): void } {
  let isStopped = false
  let unsubscribe = (): void => undefined
  system.connection
    .then((connection) => {
      if (isStopped) return
      const subscription = connection.subscribe(SUBJECT, {
        queue: QUEUE,
        callback: (error, message) => {
          const end = error === null ? readEnd(parse(message.string())) : null
          if (end !== null) onEnd(end)
        }
      })
      unsubscribe = () => subscription.unsubscribe()
    })
    .catch(() => undefined)
  return {
    stop() {
      isStopped = true
      unsubscribe()
    }
  }
}

function readEnd(told: unknown): End | null {
  if (!advisory.Check(told)) return null
  const { server, client, sent, received, reason } = told
  return {
    server_id: server.id,
    cid: client.id,
    reason: reasonIn(reason),
    traffic: {
      publishedMessages: sent.msgs,
      publishedBytes: sent.bytes,
      receivedMessages: received.msgs,
      receivedBytes: received.bytes,
      serverReason: reason
    }
  }
}

/** Why we had it kicked is written in its row; what is left is the client's own doing. */
function reasonIn(serverReason: string): End['reason'] {
  if (serverReason === 'Kicked') return null
  if (/Authentication (Expired|Revoked)/.test(serverReason)) return 'expired'
  if (serverReason.startsWith('Slow Consumer')) return 'slow'
  return serverReason === 'Server Shutdown' ? 'server' : 'client'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
