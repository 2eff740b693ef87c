/** What the schema of a route cannot say about it: words, and a request that works as it stands. */
export interface OperationDoc {
  /** `operationId`: the name of the method in generated clients. */
  readonly name: string
  readonly summary: string
  readonly tag: string
  /** For paths with parameters. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number>>
  /** JSON, or the fields of a form where the call takes forms. */
  readonly body?: Readonly<Record<string, unknown>>
  /** The body is a form (`application/x-www-form-urlencoded`). */
  readonly isForm?: boolean
  /** Honours `Idempotency-Key`. */
  readonly isRepeatable?: boolean
  /** Statuses of problems beyond those that follow from the policy and the shape of the call. */
  readonly problems?: readonly number[]
}

/** By method and route, such as `GET /v1/tokens/:id`. */
export type OperationDocs = Readonly<Record<string, OperationDoc>>
