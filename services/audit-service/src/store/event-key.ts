import { Id } from '@patgate/contracts'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { EventKey } from './park.ts'

const readableKey = Compile(
  Type.Object({
    producer: Type.String({ pattern: '^[\\x20-\\x7e]{1,128}$' }),
    boot: Id,
    seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
  })
)

/** The number of something that may not be an event; null when it cannot be read. */
export function eventKey(value: unknown): EventKey | null {
  if (!readableKey.Check(value)) return null
  return { producer: value.producer, boot: value.boot, seq: value.seq }
}
