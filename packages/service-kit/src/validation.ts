import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'

const shared = { removeAdditional: false, useDefaults: true, allErrors: true, strict: false } as const

// Bodies are JSON and must have the right types; what comes in a URL is text, and is read as what the schema says.
const bodies = addFormats.default(new Ajv({ ...shared, coerceTypes: false }))
const texts = addFormats.default(new Ajv({ ...shared, coerceTypes: true }))

/** Compiles route schemas. Unknown fields are errors, never dropped; every mistake is reported, not only the first. */
export const compileValidator: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? bodies : texts).compile(schema)
