/** As much of OpenAPI 3.1 as is written here; the rest is the generator's business. */
export interface OpenapiDocument {
  paths: Record<string, Record<string, OpenapiOperation>>
  components: { schemas?: Record<string, unknown>; responses?: Record<string, unknown> }
}

export interface OpenapiOperation {
  operationId?: string
  parameters?: OpenapiParameter[]
  requestBody?: { required?: boolean; content: Record<string, OpenapiMedia> }
  responses: Record<string, { description?: string; content?: Record<string, OpenapiMedia> } | { $ref: string }>
}

export interface OpenapiParameter {
  in: string
  name: string
  required?: boolean
  description?: string
  schema: unknown
  example?: unknown
}

export interface OpenapiMedia {
  schema: { required?: readonly string[] }
  example?: unknown
}
