import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Installs a formula where Homebrew is present, and answers the folder of its programs. */
export async function installWithHomebrew(formula: string, report: (line: string) => void): Promise<string> {
  const isPresent = await run('brew', ['--version']).then(
    () => true,
    () => false
  )
  if (!isPresent) throw new Error('Homebrew is not installed')
  report(`installing ${formula} with Homebrew`)
  await run('brew', ['install', '--quiet', formula], { maxBuffer: 64 * 1024 * 1024 })
  const { stdout } = await run('brew', ['--prefix', formula])
  return join(stdout.trim(), 'bin')
}
