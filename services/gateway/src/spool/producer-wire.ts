import { CommittedAnnouncement, type PositionQuestion, type ProducerHeartbeat, SUBJECTS } from '@patgate/contracts'
import type { NatsConnection } from '@patgate/event-bus'
import { Compile } from 'typebox/compile'

const announcement = Compile(CommittedAnnouncement)

/** Hears what the audit service has stored, of whichever producer; what is no announcement is not believed. */
export function listenForCommits(
  connection: NatsConnection,
  onAnnounced: (announcement: CommittedAnnouncement) => void
): void {
  connection.subscribe(SUBJECTS.auditCommitted, {
    callback(error, message) {
      const heard = error === null ? parse(message.data) : null
      if (announcement.Check(heard)) onAnnounced(heard)
    }
  })
}

/** Asks for an announcement; there is no other answer. */
export function askPosition(connection: NatsConnection, question: PositionQuestion): void {
  connection.publish(SUBJECTS.auditPosition, JSON.stringify(question))
}

export function sendHeartbeat(connection: NatsConnection, heartbeat: ProducerHeartbeat): void {
  connection.publish(SUBJECTS.auditHeartbeat, JSON.stringify(heartbeat))
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString())
  } catch {
    return null
  }
}
