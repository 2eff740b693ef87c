import fastJsonStringify from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'

type Serializer = (answer: unknown) => string

/** One for each schema: several applications of a process answer by the same ones. */
const compiled = new WeakMap<object, Serializer>()

/**
 * Compiles the schema of an answer when the first such answer is given. All of a service's together take longer than the rest
 * of its start, and most are never needed.
 */
export const compileSerializer: FastifySerializerCompiler<object> = ({ schema }) => {
  return (answer) => {
    let serialize = compiled.get(schema)
    if (serialize === undefined) {
      serialize = fastJsonStringify(schema) as Serializer
      compiled.set(schema, serialize)
    }
    return serialize(answer)
  }
}
