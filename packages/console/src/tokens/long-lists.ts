import type { TokenBody, TokenPage } from '@patgate/contracts'
import type { InfiniteData } from '@tanstack/react-query'
import { shownStatus } from './shown-status.ts'
import type { TokenListSearch } from './token-searches.ts'

export type LoadedPages = InfiniteData<TokenPage, string | null>

/** A list of more pages than this is not read again as a whole when one of its tokens changes: a request for each page. */
const MOST_READ_AGAIN = 5

export function isLong(data: LoadedPages | undefined): data is LoadedPages {
  return data !== undefined && data.pages.length > MOST_READ_AGAIN
}

/** The first page alone, where anything may have changed. */
export function firstPageOf({ pages, pageParams }: LoadedPages): LoadedPages {
  return { pages: pages.slice(0, 1), pageParams: pageParams.slice(0, 1) }
}

/** A list with one of its tokens as it is now: without it where it is gone, or no longer what the list shows. */
export function withToken(
  { pages, pageParams }: LoadedPages,
  id: string,
  token: TokenBody | null,
  status: TokenListSearch['status']
): LoadedPages {
  const now = token !== null && isShown(token, status) ? [token] : []
  const isThere = pages.some(({ items }) => items.some((item) => item.id === id))
  const gone = isThere ? 1 - now.length : 0
  return {
    pageParams,
    pages: pages.map((page) => ({
      ...page,
      items: page.items.flatMap((item) => (item.id === id ? now : [item])),
      total: page.total === null ? null : page.total - gone
    }))
  }
}

function isShown(token: TokenBody, status: TokenListSearch['status'] = 'active'): boolean {
  const shown = shownStatus(token, Date.now())
  return status === 'all' || status === shown || (status === 'active' && shown === 'expiring')
}
