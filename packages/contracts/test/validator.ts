import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

// Strict: a schema with a misspelt keyword or an unknown format must not compile.
const ajv = addFormats.default(new Ajv({ strict: true, strictTypes: false, allErrors: true }))

export function compile(schema: object): ValidateFunction {
  return ajv.compile(schema)
}
