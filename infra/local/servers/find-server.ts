import { join } from 'node:path'
import { unpackDebianPackage } from './debian-package.ts'
import { type DockerImage, wrapDockerImage } from './docker.ts'
import { installWithHomebrew } from './homebrew.ts'
import { findOnPath, inspectProgram, type Program } from './program.ts'
import type { VersionFloors } from './version.ts'

/** How one kind of server is found on a machine. */
export interface ServerKind {
  title: string
  /** Names under which the program may be on the `PATH`, the preferred one first. */
  programs: readonly string[]
  floors: VersionFloors
  debian: { name: string; program: string; suite: 'own' | 'unstable' }
  homebrew: string
  /** Null for what does not run there, such as a browser that has to reach this machine's loopback. */
  docker: DockerImage | null
  /** What a person can do when nothing else worked. */
  advice: string
}

export interface FindOptions {
  tools: string
  report: (line: string) => void
  searchPath?: string
}

/**
 * Finds a server program: on the `PATH`, then downloaded without root from the machine's own Debian or Ubuntu
 * archive, then through Homebrew, then in a Docker image. Fails with a message that names what was tried and what to do.
 */
export async function findServer(kind: ServerKind, options: FindOptions): Promise<Program> {
  const tried: string[] = []
  const onPath = await findOnPath(kind.programs, kind.floors, (line) => tried.push(line), options.searchPath)
  if (onPath !== undefined) return onPath
  tried.push(`no usable ${kind.programs.join(' or ')} on the PATH`)

  for (const step of [fromDebian, fromHomebrew, fromDocker]) {
    const found = await step(kind, options).catch((error: unknown) => describe(error))
    if (typeof found !== 'string') return found
    tried.push(found)
  }
  throw new Error(`${kind.title} was not found:\n${tried.map((line) => `  - ${line}`).join('\n')}\n${kind.advice}`)
}

async function fromDebian(kind: ServerKind, options: FindOptions): Promise<Program | string> {
  const unpacked = await unpackDebianPackage(kind.debian.name, {
    suite: kind.debian.suite,
    tools: options.tools,
    report: options.report
  })
  return inspectProgram(join(unpacked.root, kind.debian.program), kind.floors, unpacked.env)
}

async function fromHomebrew(kind: ServerKind, options: FindOptions): Promise<Program | string> {
  const directory = await installWithHomebrew(kind.homebrew, options.report)
  return (
    (await findOnPath(kind.programs, kind.floors, options.report, directory)) ?? `Homebrew has no usable ${kind.title}`
  )
}

async function fromDocker(kind: ServerKind, options: FindOptions): Promise<Program | string> {
  if (kind.docker === null) return `${kind.title} is not taken from Docker`
  return inspectProgram(await wrapDockerImage(kind.docker, options), kind.floors)
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
