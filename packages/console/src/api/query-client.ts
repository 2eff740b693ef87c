import { ApiError } from '@patgate/client'
import { QueryClient } from '@tanstack/react-query'

const FRESH_MS = 10_000
const MAX_RETRIES = 2

/** Reads are kept for moments only, and tried again only where the server says that it could not answer now. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < MAX_RETRIES && isPassing(error),
      refetchOnWindowFocus: true
    },
    mutations: { retry: false }
  }
})

function isPassing(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 502
}
