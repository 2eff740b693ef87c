import type { OpenapiDocument } from './openapi-document.ts'

/** Schemas that many calls share, by the name they get in the document. */
export type NamedSchemas = Readonly<Record<string, object>>

/**
 * Writes each shared schema once, under its name, and refers to it everywhere else: the generator writes schemas where
 * they are used, and a reader would meet the same token twenty times.
 */
export function nameSchemas(document: OpenapiDocument, named: NamedSchemas): OpenapiDocument {
  const nameOf = new Map(Object.entries(named).map(([name, schema]) => [JSON.stringify(schema), name]))

  function refer(node: unknown): unknown {
    const name = isPlain(node) ? nameOf.get(JSON.stringify(node)) : undefined
    return name === undefined ? referInside(node) : { $ref: `#/components/schemas/${name}` }
  }

  function referInside(node: unknown): unknown {
    if (Array.isArray(node)) return node.map(refer)
    if (!isPlain(node)) return node
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, refer(value)]))
  }

  const schemas = Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, referInside(schema)]))
  const { paths, components, ...rest } = document
  return {
    ...rest,
    paths: refer(paths) as OpenapiDocument['paths'],
    components: {
      ...(refer(components) as OpenapiDocument['components']),
      schemas: { ...components.schemas, ...schemas }
    }
  }
}

function isPlain(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}
