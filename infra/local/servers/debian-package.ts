import { execFile } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { withLock } from '../file-lock.ts'
import { toolsDirectory } from '../home.ts'
import { debianSources, type Suite } from './debian-sources.ts'

const run = promisify(execFile)

export interface UnpackOptions {
  /** The machine's own suite (default), or Debian unstable for what the own suite has too old. */
  suite?: Suite
  tools?: string
  report?: (line: string) => void
}

export interface UnpackedPackage {
  /** The folder that stands for `/`. */
  root: string
  /** What a program of the package needs in its environment to find its libraries. */
  env: NodeJS.ProcessEnv
}

/**
 * Downloads a package of the machine's own archive without root and unpacks it below the tools folder, together
 * with the dependencies that are not installed. Nothing is installed and no maintainer script runs. A package
 * that was unpacked before is answered at once; a signature that does not verify is an error.
 */
export async function unpackDebianPackage(name: string, options: UnpackOptions = {}): Promise<UnpackedPackage> {
  const suite = options.suite ?? 'own'
  const tools = options.tools ?? toolsDirectory
  const root = join(tools, 'debian', suite, name)
  await withLock(join(tools, 'debian', `${suite}-${name}.lock`), async () => {
    if (existsSync(root)) return
    options.report?.(`downloading the Debian package ${name} (${suite} suite)`)
    await download(name, suite, root, join(tools, 'apt'))
  })
  return { root, env: await libraryEnvironment(root) }
}

async function download(name: string, suite: Suite, root: string, place: string): Promise<void> {
  const workshop = join(place, `${suite}-${name}`)
  await rm(workshop, { recursive: true, force: true })
  await mkdir(workshop, { recursive: true })
  const state = join(place, suite)
  const apt = await prepareApt(suite, state, workshop)
  // A foreign entry that slipped into the sources fails here for want of a trusted signature, which does no harm:
  // lists that did not verify are not used, and what is missing then is missed by the download.
  const refreshed = await withLock(`${state}.lock`, () => refreshLists(apt, state)).catch((error: unknown) => error)
  await apt(['download', name, ...(await missingDependencies(apt, name))]).catch((error: unknown) => {
    throw refreshed instanceof Error ? refreshed : error
  })

  const draft = join(workshop, 'root')
  for (const file of await readdir(workshop)) {
    if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', join(workshop, file), draft])
  }
  await mkdir(join(root, '..'), { recursive: true })
  await rename(draft, root)
  await rm(workshop, { recursive: true })
}

type Apt = (args: string[]) => Promise<string>

/** Several packages are often wanted one after the other, and reading the lists costs more than all of them. */
const FRESH_MS = 10 * 60 * 1_000

async function refreshLists(apt: Apt, state: string): Promise<void> {
  const marker = join(state, 'refreshed')
  const found = await stat(marker).catch(() => null)
  if (found !== null && Math.abs(Date.now() - found.mtimeMs) < FRESH_MS) return
  await apt(['update'])
  await writeFile(marker, '')
}

/**
 * An apt-get with lists, cache and sources of its own; only the machine's list of installed packages is shared.
 * Options are given as arguments, because those alone win over the machine's configuration.
 */
async function prepareApt(suite: Suite, state: string, workshop: string): Promise<Apt> {
  await mkdir(join(state, 'lists', 'partial'), { recursive: true })
  await mkdir(join(state, 'cache', 'archives', 'partial'), { recursive: true })
  const sources = join(workshop, 'patgate.sources')
  await writeFile(sources, await debianSources(suite))
  const settings = {
    'Dir::State::lists': join(state, 'lists'),
    'Dir::Cache': join(state, 'cache'),
    // Images for containers switch these off, and then every call reads all lists again.
    'Dir::Cache::pkgcache': 'pkgcache.bin',
    'Dir::Cache::srcpkgcache': 'srcpkgcache.bin',
    'Dir::Cache::archives': 'archives/',
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    // apt would download as its own user, who may not write here.
    'APT::Sandbox::User': '',
    'APT::Get::AllowUnauthenticated': 'false',
    'Acquire::AllowInsecureRepositories': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    'Debug::NoLocking': 'true'
  }
  const given = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])
  return async (args) => {
    try {
      const { stdout } = await run('apt-get', ['--quiet', '--yes', ...given, ...args], {
        cwd: workshop,
        env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
        maxBuffer: 16 * 1024 * 1024
      })
      return stdout
    } catch (error) {
      throw new Error(`apt-get ${args.join(' ')} failed: ${lastWords(error)}`)
    }
  }
}

/**
 * What apt would have to install beside the package. Packages it would only upgrade (the C library, when the suite
 * is newer than the machine) are left alone: the program runs with what is installed, or it is refused.
 */
async function missingDependencies(apt: Apt, name: string): Promise<string[]> {
  const plan = await apt(['install', '--simulate', '--no-install-recommends', name]).catch(() => '')
  return newlyInstalled(plan).filter((dependency) => dependency !== name)
}

/** `Inst name (new version …)` is an installation, `Inst name [old version] (…)` an upgrade. */
export function newlyInstalled(plan: string): string[] {
  return [...plan.matchAll(/^Inst (\S+) \(/gm)].map((match) => match[1] ?? '')
}

/** The folders of shared libraries; a few packages keep theirs one level further down. */
async function libraryEnvironment(root: string): Promise<NodeJS.ProcessEnv> {
  const libraries = globSync(
    ['usr/lib/*-linux-gnu*/lib*.so*', 'usr/lib/*-linux-gnu*/*/lib*.so*', 'lib/*-linux-gnu*/lib*.so*'],
    {
      cwd: root
    }
  )
  const folders = new Set(libraries.map((library) => join(root, dirname(library))))
  return folders.size === 0 ? {} : { LD_LIBRARY_PATH: [...folders].join(':') }
}

function lastWords(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  return text.trim().split('\n').slice(-3).join(' ')
}
