import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What one process of the run imports, relative to the checkout. */
export interface TestProcess {
  readonly name: string
  readonly files: readonly string[]
}

/** Loading a service costs a process more than most of its tests do, so as many files as this share one. */
const FILES_PER_PROCESS = 12

/** What a file says of its own time must not count for all of them: the limit of the whole process is the run's. */
const ENTRY_ENDS = `import { t } from 'tap'
t.setTimeout(Number(process.env.PROCESS_LIMIT_MS))
`

/**
 * Which files share a process: those of one package or service, which load the same modules, and those of one folder of
 * acceptance tests, which use the same running patgate. Every file still runs by itself: `npm test -- path`. The longest
 * begin first, so that the others fill the time beside them.
 */
export function planProcesses(files: readonly string[]): TestProcess[] {
  const byOwner = Map.groupBy(files, ownerOf)
  const plan = [...byOwner].flatMap(([owner, owned]) => {
    const count = owner.startsWith('acceptance') ? 1 : Math.ceil(owned.length / FILES_PER_PROCESS)
    // Dealt out like cards, so that the slow files of one folder do not all meet in one process.
    return Array.from({ length: count }, (_, index) => ({
      name: count === 1 ? owner : `${owner} ${index + 1} of ${count}`,
      files: owned.filter((_, place) => place % count === index)
    }))
  })
  return plan.toSorted((one, other) => rankOf(one.name) - rankOf(other.name))
}

/** Writes an entry for each process that has several files; answers what tap has to run, in the order given. */
export function writeEntries(processes: readonly TestProcess[], checkout: string, directory: string): string[] {
  mkdirSync(directory, { recursive: true })
  return processes.map(({ name, files }) => {
    const [only] = files
    if (files.length === 1 && only !== undefined) return only
    const entry = join(directory, `${name.replaceAll(/[^a-z0-9]+/g, '-')}.test.ts`)
    const imports = files.map((file) => `import '${pathToFileURL(join(checkout, file)).href}'`)
    writeFileSync(entry, `${imports.join('\n')}\n${ENTRY_ENDS}`)
    return entry
  })
}

function ownerOf(file: string): string {
  const owner = /^(?:packages|services)\/[^/]+|^acceptance\/[^/]+(?=\/)/.exec(file)?.[0]
  if (owner !== undefined) return owner
  // The runner's own tests start and kill whole runs: alone, one that hangs is named and the others go on.
  return file.startsWith('acceptance/') ? dirname(file) : file
}

function rankOf(name: string): number {
  return ['acceptance', 'infra', 'services'].findIndex((start) => name.startsWith(start)) >>> 0
}
