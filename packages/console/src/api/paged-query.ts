import { infiniteQueryOptions, type UseInfiniteQueryResult } from '@tanstack/react-query'

const PAGE_SIZE = 100

interface Page<Item> {
  readonly items: readonly Item[]
  readonly next_cursor: string | null
}

interface CursorOptions {
  readonly limit?: number
  readonly cursor?: string
}

/** A list of the API, page after page, as far as somebody scrolls. */
export function pagedQuery<P extends Page<unknown>>(
  key: readonly unknown[],
  list: (paging: CursorOptions, options: { signal: AbortSignal }) => Promise<P>,
  limit = PAGE_SIZE
) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      list({ limit, ...(pageParam === null ? {} : { cursor: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor
  })
}

type Paged<Item> = UseInfiniteQueryResult<{ readonly pages: readonly Page<Item>[] }>

export function rowsOf<Item>({ data }: Pick<Paged<Item>, 'data'>): readonly Item[] {
  return data?.pages.flatMap(({ items }) => items) ?? []
}

/** What a table needs to ask for the next page; null at the end. */
export function moreOf(query: Pick<Paged<unknown>, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>) {
  if (!query.hasNextPage) return null
  return { load: () => void query.fetchNextPage(), isLoading: query.isFetchingNextPage }
}

/** A whole list, for those that are short by their nature. */
export async function everyItem<Item>(pages: AsyncIterable<Page<Item>>): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of pages) items.push(...page.items)
  return items
}
