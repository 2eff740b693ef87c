import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from './file-lock.ts'
import { checkout, toolsDirectory } from './home.ts'

const consoleDirectory = join(checkout, 'packages', 'console')
export const builtConsole = join(consoleDirectory, 'dist')
// It lies inside what it vouches for: who removes that removes the stamp.
const stamp = join(builtConsole, '.patgate-built')

/** All that the built console depends on. */
const sources = [
  'package-lock.json',
  'packages/console/{index.html,package.json,vite.config.ts,tsconfig.json}',
  'packages/console/{build,public,src}/**/*.*',
  'packages/{client,contracts,domain}/src/**/*.ts'
]

/** Builds the console where it is missing or older than its sources; otherwise answers within milliseconds. */
export async function buildConsole(report: (line: string) => void): Promise<void> {
  await withLock(join(toolsDirectory, 'console.lock'), async () => {
    const wanted = digestOfSources()
    if (readStamp() === wanted) return
    report('building the console (about ten seconds)')
    // Built beside the old one, which a gateway may be serving.
    const draft = join(consoleDirectory, `dist-${process.pid}`)
    try {
      await runVite(['build', '--outDir', draft, '--logLevel', 'warn', consoleDirectory])
      await writeFile(join(draft, '.patgate-built'), wanted)
      await rm(builtConsole, { recursive: true, force: true })
      await rename(draft, builtConsole)
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
  })
}

function digestOfSources(): string {
  const digest = createHash('sha256')
  for (const name of sources.flatMap((pattern) => globSync(pattern, { cwd: checkout })).toSorted()) {
    digest
      .update(name)
      .update('\0')
      .update(readFileSync(join(checkout, name)))
  }
  return digest.digest('hex')
}

function readStamp(): string | undefined {
  try {
    return readFileSync(stamp, 'utf8')
  } catch {
    return undefined
  }
}

function runVite(args: string[]): Promise<void> {
  const program = join(checkout, 'node_modules', 'vite', 'bin', 'vite.js')
  const child = spawn(process.execPath, [program, ...args], { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => {
      if (status === 0) resolve()
      else reject(new Error(`The console could not be built:\n${output.trim()}`))
    })
  })
}
