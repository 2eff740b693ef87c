import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/** As much of the document as tests look into. */
export interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, Schema>; readonly responses: Record<string, Response> }
}

export interface Operation {
  readonly operationId: string
  readonly security: readonly Record<string, unknown>[]
  readonly parameters?: readonly { in: string; name: string; required?: boolean; example?: string | number }[]
  readonly requestBody?: { content: Record<string, { example?: Record<string, string>; schema?: Schema }> }
  readonly responses: Record<string, Response & { readonly $ref?: string }>
}

interface Schema {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, unknown>>
}

interface Response {
  readonly content?: Record<string, { schema: object }>
}

/** Says what is wrong with an answer by the document alone; empty when nothing is. */
export function answerChecker(document: Document) {
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }))
  ajv.addSchema({ $id: 'https://example.org/document', components: document.components })
  return (operation: Operation, status: number, contentType: string, body: unknown): string => {
    const given = operation.responses[status] ?? operation.responses.default
    const response =
      given?.$ref === undefined ? given : document.components.responses[given.$ref.split('/').at(-1) ?? '']
    if (response === undefined) return `status ${status} is not described`
    if (response.content === undefined) return body === null ? '' : 'there should be no body'
    const schema = response.content[contentType]?.schema
    if (schema === undefined) return `${contentType} is not described for ${status}`
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"https://example.org/document#/'))
    const validate = ajv.compile(absolute)
    return validate(body) ? '' : ajv.errorsText(validate.errors)
  }
}
