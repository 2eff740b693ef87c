import { invalidField } from '@patgate/service-kit'

export const DEFAULT_LIMIT = 20

/** Which page of a list somebody wants. */
export interface PageWish {
  readonly limit?: number
  readonly cursor?: string
}

/** A place in a list: the values of the last row's sort columns, opaque to the client. */
export function cursorOf(...position: readonly string[]): string {
  return Buffer.from(position.join(' ')).toString('base64url')
}

/** Reads a cursor back; one that does not have the shape of the list's positions is 400. */
export function positionIn(cursor: string, shape: RegExp): string[] {
  const position = Buffer.from(cursor, 'base64url').toString()
  if (!shape.test(position)) throw invalidField('/cursor', 'is not a cursor of this list')
  return position.split(' ')
}

export const UUID_SHAPE = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

/** The answer of a list out of one row more than was asked for, which shows whether there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  toCursor: (row: Row) => string
): { items: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(toItem),
    next_cursor: rows.length > limit && last !== undefined ? toCursor(last) : null
  }
}
