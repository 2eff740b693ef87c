import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { formatVersion, meetsFloor, parseVersion, type Version, type VersionFloors } from './version.ts'

const run = promisify(execFile)

/** A program that can be started, with what its libraries need in the environment. */
export interface Program {
  path: string
  version: Version
  env: NodeJS.ProcessEnv
}

/** Answers the program if it runs and is new enough, otherwise a sentence that says what is wrong with it. */
export async function inspectProgram(
  path: string,
  floors: VersionFloors,
  env: NodeJS.ProcessEnv = {}
): Promise<Program | string> {
  const version = await askVersion(path, env)
  if (version === undefined) return `${path} does not run`
  if (!meetsFloor(version, floors)) {
    return `${path} is version ${formatVersion(version)}, needed is ${floors.map(formatVersion).join(' or ')}`
  }
  return { path, version, env }
}

/** The first of these programs on the `PATH` that is new enough; those that are too old are reported. */
export async function findOnPath(
  names: readonly string[],
  floors: VersionFloors,
  report: (line: string) => void,
  searchPath = process.env.PATH ?? ''
): Promise<Program | undefined> {
  for (const name of names) {
    for (const directory of searchPath.split(delimiter).filter((entry) => entry !== '')) {
      const path = join(directory, name)
      if (!(await isExecutable(path))) continue
      const program = await inspectProgram(path, floors)
      if (typeof program !== 'string') return program
      report(program)
    }
  }
  return undefined
}

export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false
  )
}

async function askVersion(path: string, env: NodeJS.ProcessEnv): Promise<Version | undefined> {
  try {
    const { stdout } = await run(path, ['--version'], { env: { ...process.env, ...env }, timeout: 20_000 })
    return parseVersion(stdout)
  } catch {
    return undefined
  }
}
