import { createHash } from 'node:crypto'
import type { Bus } from '@patgate/event-bus'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** Where `infra/nats/nats.conf` lets the token service look for the sessions of MQTT clients. */
const SUBJECT = 'channels.mqtt-session'
const ANSWER_WITHIN_MS = 1_000
const NO_MESSAGE_FOUND = 10037

const missing = Compile(Type.Object({ error: Type.Object({ err_code: Type.Literal(NO_MESSAGE_FOUND) }) }))

/**
 * Whether NATS keeps nothing under this client id: no subscription, and no message that waits. False also when it cannot be
 * known, because whoever connects with an id gets what is kept under it.
 */
export async function hasNoSession(bus: Bus, mqttClientId: string): Promise<boolean> {
  if (!bus.isConnected()) return false
  try {
    const connection = await bus.connection
    const asked = JSON.stringify({ last_by_subj: `$MQTT.sess.${sessionKey(mqttClientId)}` })
    return missing.Check((await connection.request(SUBJECT, asked, { timeout: ANSWER_WITHIN_MS })).json())
  } catch {
    return false
  }
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The server's own name for a session: eight digits out of the SHA-256 of the client id. */
function sessionKey(mqttClientId: string): string {
  const digest = createHash('sha256').update(mqttClientId).digest()
  return [...digest.subarray(0, 8)].map((byte) => DIGITS[byte % DIGITS.length]).join('')
}
