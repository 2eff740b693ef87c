/** How much a GraphQL request may ask for before it is refused unread. */
export interface GraphqlLimits {
  /** Of a whole request, files included: it is kept in memory until it is decided on. */
  readonly bodyBytes: number
  /** UTF-16 code units of one document. */
  readonly documentLength: number
  /** Lexical tokens of one document, comments apart. */
  readonly tokens: number
  readonly comments: number
  /** Levels of selection sets, fragments followed. */
  readonly depth: number
  /** Aliases in one document: each may run the same expensive field once more. */
  readonly aliases: number
  /** Entries of a batch. */
  readonly batch: number
  /** Parts of a multipart request, files included. */
  readonly parts: number
  /** How many documents are remembered once they were read. */
  readonly remembered: number
}

/** Room for generated documents and the standard introspection query; far from what hurts a server. */
export const DEFAULT_GRAPHQL_LIMITS: GraphqlLimits = Object.freeze({
  bodyBytes: 1024 * 1024,
  documentLength: 200_000,
  tokens: 10_000,
  comments: 1_000,
  depth: 32,
  aliases: 500,
  batch: 20,
  parts: 100,
  remembered: 2_000
})
