/** Which part of a list is wanted. */
export interface Paging {
  readonly limit?: number
  readonly cursor?: string
}

interface Page {
  readonly next_cursor: string | null
}

/** Asks for one page after the other, each when the one before has been looked at, until there is none left. */
export async function* pages<Query extends Paging, P extends Page>(
  query: Query,
  list: (query: Query) => Promise<P>
): AsyncGenerator<P, void, undefined> {
  let page = await list(query)
  yield page
  while (page.next_cursor !== null) {
    page = await list({ ...query, cursor: page.next_cursor })
    yield page
  }
}
