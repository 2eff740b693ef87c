import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** What the runner wants to know of `patgate.yaml`; the services validate the file as a whole. */
export interface DeclaredRoutes {
  entityTypes: { name: string; operations: string[] | undefined }[]
  /** The address of the upstream called `demo`, if there is one. */
  demoUpstream: URL | undefined
  paths: string[]
}

/**
 * Reads as much of the file as can be read. A broken file yields nothing: the services say what is wrong with it, with
 * line and column, and nobody else should.
 */
export function readDeclaredRoutes(path: string): DeclaredRoutes {
  const content = record(readYaml(path))
  const demo = record(record(content.upstreams).demo).url
  const routes = Array.isArray(content.routes) ? content.routes : []
  return {
    entityTypes: Object.entries(record(content.entity_types)).map(([name, declared]) => {
      const { operations } = record(declared)
      return { name, operations: Array.isArray(operations) ? operations.map(String) : undefined }
    }),
    demoUpstream: typeof demo === 'string' && URL.canParse(demo) ? new URL(demo) : undefined,
    paths: routes.map((route: unknown) => record(route).path).filter((route) => typeof route === 'string')
  }
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
