import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Suite = 'own' | 'unstable'

/** A distribution whose archive we may use, and the installed keyring that vouches for it. */
interface Distribution {
  id: 'debian' | 'ubuntu'
  codename: string
  keyring: string
}

/** One entry of the machine's own apt configuration. */
export interface ArchiveEntry {
  uri: string
  suite: string
  component: string
}

const keyrings = {
  debian: '/usr/share/keyrings/debian-archive-keyring.gpg',
  ubuntu: '/usr/share/keyrings/ubuntu-archive-keyring.gpg'
}

/**
 * The apt sources for a suite, in deb822 form: the mirrors are those of the machine's own configuration, only
 * the suite is replaced, and nothing but the distribution's installed keyring is trusted.
 */
export async function debianSources(suite: Suite): Promise<string> {
  const distribution = await readDistribution()
  if (suite === 'unstable' && distribution.id !== 'debian') {
    throw new Error(`the packages of Debian unstable are not offered by ${distribution.id} mirrors`)
  }
  if (!existsSync(distribution.keyring)) throw new Error(`the keyring ${distribution.keyring} is not installed`)
  const entries = archiveEntries(await configuredTargets(), distribution.codename)
  if (entries.length === 0) throw new Error(`apt is not configured for the archive of ${distribution.codename}`)
  return entriesForSuite(entries, suite, distribution.codename)
    .map(
      (entry) =>
        `Types: deb\nURIs: ${entry.uri}\nSuites: ${entry.suite}\nComponents: ${entry.component}\nSigned-By: ${distribution.keyring}\n`
    )
    .join('\n')
}

/**
 * Of everything apt is configured for, the entries of the distribution itself. Others offer suites and
 * components of other names; one that offers the same names is refused later, for want of a trusted signature.
 */
export function archiveEntries(targets: string, codename: string): ArchiveEntry[] {
  const ownSuites = [codename, `${codename}-updates`, `${codename}-security`]
  const ownComponents = ['main', 'universe']
  const entries = new Map<string, ArchiveEntry>()
  for (const line of targets.split('\n')) {
    const [uri, suite, component] = line.split('|')
    if (uri === undefined || suite === undefined || component === undefined) continue
    if (!ownSuites.includes(suite) || !ownComponents.includes(component)) continue
    entries.set(line, { uri, suite, component })
  }
  return [...entries.values()]
}

function entriesForSuite(entries: ArchiveEntry[], suite: Suite, codename: string): ArchiveEntry[] {
  if (suite === 'own') return entries
  return entries
    .filter((entry) => entry.suite === codename && entry.component === 'main')
    .map((entry) => ({ ...entry, suite }))
}

async function configuredTargets(): Promise<string> {
  const format = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)'
  const { stdout } = await run('apt-get', [
    'indextargets',
    '--no-release-info',
    '--format',
    format,
    'Identifier: Packages'
  ])
  return stdout
}

async function readDistribution(): Promise<Distribution> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  const fields = new Map(
    [...text.matchAll(/^([A-Z_]+)="?([^"\n]*)"?$/gm)].map((match) => [match[1] ?? '', match[2] ?? ''])
  )
  const id = fields.get('ID')
  const codename = fields.get('VERSION_CODENAME')
  if ((id !== 'debian' && id !== 'ubuntu') || codename === undefined) {
    throw new Error('this is neither Debian nor Ubuntu, so no packages can be downloaded with apt')
  }
  return { id, codename, keyring: keyrings[id] }
}
