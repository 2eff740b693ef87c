import type { Msg, Subscription } from '@nats-io/transport-node'
import { ChangeAck, ChangeMessage, SUBJECTS } from '@patgate/contracts'
import { Compile } from 'typebox/compile'
import type { Bus } from './bus.ts'

/**
 * The fast path of changes and its acknowledgements. Both are best effort: what is lost is made up for by renewals
 * and lease rows, so nothing is retried and nobody waits (coherence.md, "Fast path").
 */
const changeSchema = Compile(ChangeMessage)
const ackSchema = Compile(ChangeAck)

export function publishChanges(bus: Bus, changes: readonly ChangeMessage[]): void {
  publish(bus, SUBJECTS.changes, changes)
}

export function publishAck(bus: Bus, ack: ChangeAck): void {
  publish(bus, SUBJECTS.changesAck, [ack])
}

/** Calls back for each change that is well formed; anything else on the subject is ignored. */
export function onChangeMessage(bus: Bus, listener: (change: ChangeMessage) => void): () => void {
  return subscribe(bus, SUBJECTS.changes, (value) => {
    if (changeSchema.Check(value)) listener(value)
  })
}

export function onAck(bus: Bus, listener: (ack: ChangeAck) => void): () => void {
  return subscribe(bus, SUBJECTS.changesAck, (value) => {
    if (ackSchema.Check(value)) listener(value)
  })
}

/** While the server is away nothing is buffered: a message that comes late is only in the way. */
function publish(bus: Bus, subject: string, messages: readonly object[]): void {
  if (!bus.isConnected()) return
  bus.connection
    .then((connection) => {
      for (const message of messages) connection.publish(subject, JSON.stringify(message))
    })
    .catch(() => undefined)
}

function subscribe(bus: Bus, subject: string, listener: (value: unknown) => void): () => void {
  let subscription: Subscription | null = null
  let isWanted = true
  bus.connection
    .then((connection) => {
      if (!isWanted) return
      subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) listener(parse(message))
        }
      })
    })
    .catch(() => undefined)
  return () => {
    isWanted = false
    subscription?.unsubscribe()
  }
}

function parse(message: Msg): unknown {
  try {
    return message.json()
  } catch {
    return null
  }
}
