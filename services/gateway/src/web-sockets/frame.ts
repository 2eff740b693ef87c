import { randomBytes } from 'node:crypto'

export const OPCODES = { text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const

const FINAL = 0x80
const MASKED = 0x80
const SHORT = 126
const LONG = 127
const MOST_SHORT_BYTES = 0xffff

/** One whole, unmasked frame, as a server sends it (RFC 6455, section 5.2). */
export function encodeFrame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const headerLength = length < SHORT ? 2 : length <= MOST_SHORT_BYTES ? 4 : 10
  const frame = Buffer.allocUnsafe(headerLength + length)
  frame[0] = FINAL | opcode
  if (headerLength === 2) frame[1] = length
  else if (headerLength === 4) {
    frame[1] = SHORT
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = LONG
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.set(payload, headerLength)
  return frame
}

/** A close frame with a code and a word that says why. */
export function closeFrame(code: number, reason: string): Buffer {
  return encodeFrame(OPCODES.close, closePayload(code, reason))
}

/** The same from a client, which masks what it sends (section 5.3). */
export function maskedCloseFrame(code: number, reason: string): Buffer {
  const payload = closePayload(code, reason)
  const mask = randomBytes(4)
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  return Buffer.concat([Buffer.from([FINAL | OPCODES.close, MASKED | payload.length]), mask, masked])
}

function closePayload(code: number, reason: string): Buffer {
  const payload = Buffer.allocUnsafe(2)
  payload.writeUInt16BE(code)
  return Buffer.concat([payload, Buffer.from(reason)])
}
