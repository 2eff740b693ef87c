import { closed } from '@patgate/contracts'

/** A call without query parameters: one that is sent all the same is unknown, and an error. */
export const NoQuery = closed({})

/** A call without fields: no body and `{}` are the same (api.md). */
export const NoFields = closed({})
