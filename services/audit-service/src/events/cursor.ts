import { Id, Timestamp } from '@patgate/contracts'
import { invalidField } from '@patgate/service-kit'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { isStorableTime } from './storable-time.ts'

/** The last event of a page: the next page begins behind it. */
export interface Position {
  /** As the event has it, to the last digit. */
  readonly time: string
  readonly id: string
}

const shape = Compile(Type.Tuple([Timestamp, Id]))

/** Writes a position as the opaque text that clients send back. */
export function formatCursor({ time, id }: Position): string {
  return Buffer.from(JSON.stringify([time, id])).toString('base64url')
}

/** Reads a cursor; anything but one of ours is an `invalid_request`. */
export function parseCursor(cursor: string): Position {
  const position = decode(cursor)
  if (!shape.Check(position) || !isStorableTime(position[0]))
    throw invalidField('/cursor', 'is not a cursor of this list')
  return { time: position[0], id: position[1] }
}

function decode(cursor: string): unknown {
  try {
    const bytes = Buffer.from(cursor, 'base64url')
    return bytes.toString('base64url') === cursor ? JSON.parse(bytes.toString()) : undefined
  } catch {
    return undefined
  }
}
