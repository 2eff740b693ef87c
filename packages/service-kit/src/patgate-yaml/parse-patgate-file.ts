import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { ConfigurationError } from '../environment.ts'
import { readChannels, readDefaults } from './credential-rules.ts'
import { readEntityTypes, readRoles, readUpstreams } from './declarations.ts'
import { type Located, Mistakes, readYaml } from './located.ts'
import type { PatgateFile } from './patgate-file.ts'
import { readRoutes } from './routes.ts'

const SECTIONS = ['entity_types', 'roles', 'upstreams', 'defaults', 'routes', 'channels'] as const
const VERSION_LENGTH = 12

/** Reads and checks `patgate.yaml` (api.md). Throws a ConfigurationError that names every mistake with its line. */
export function loadPatgateFile(path: string): PatgateFile {
  return parsePatgateFile(readText(path), basename(path))
}

/** The same for a text; `name` stands before the line in every message. */
export function parsePatgateFile(text: string, name = 'patgate.yaml'): PatgateFile {
  const mistakes = new Mistakes(name)
  const file = readFile(readYaml(text, mistakes), hash('sha256', text).slice(0, VERSION_LENGTH))
  const found = mistakes.toList()
  if (found.length > 0) throw new ConfigurationError(found)
  return file
}

function readFile(root: Located, version: string): PatgateFile {
  const sections = root.members(SECTIONS)
  if (sections.upstreams === undefined) root.fail('upstreams is required')
  if (sections.routes === undefined) root.fail('routes is required')
  const entityTypes = readEntityTypes(sections.entity_types)
  const upstreams = readUpstreams(sections.upstreams)
  const defaults = readDefaults(sections.defaults)
  return Object.freeze({
    version,
    entityTypes,
    ladder: readRoles(sections.roles),
    upstreams,
    defaults,
    routes: readRoutes(sections.routes, { entityTypes, upstreams, defaults }),
    channels: readChannels(sections.channels)
  })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new ConfigurationError([`${path} cannot be read (${code})`])
  }
}
