import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { temporaryDirectory } from './temporary-directory.ts'

const LOCKS = 400
const PROCESSES = 3

/** Which of the locks another process got. It tries them one after the other when told to begin, and lives as long as the test. */
async function takeElsewhere(t: Test, directory: string): Promise<{ begin(): void; taken: Promise<number[]> }> {
  const script = `import { tryLock } from '${fileURLToPath(new URL('../file-lock.ts', import.meta.url))}'
    process.stdin.once('data', () => {
      const taken = []
      for (let n = 0; n < ${LOCKS}; n++) if ('release' in tryLock('${directory}/' + n)) taken.push(n)
      console.log(JSON.stringify(taken))
    })
    console.log('ready')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit']
  })
  t.teardown(() => child.kill())
  await once(child.stdout, 'data')
  const taken = once(child.stdout, 'data').then(([numbers]): number[] => JSON.parse(String(numbers)))
  return { begin: () => child.stdin.write('go\n'), taken }
}

async function takeTogether(t: Test, directory: string): Promise<number[]> {
  const others = await Promise.all(Array.from({ length: PROCESSES }, () => takeElsewhere(t, directory)))
  for (const other of others) other.begin()
  const taken = await Promise.all(others.map((other) => other.taken))
  return taken.flat().toSorted((a, b) => a - b)
}

const each = Array.from({ length: LOCKS }, (_, index) => index)

t.test('of several processes that want a lock at the same time one gets it', async (t) => {
  const directory = temporaryDirectory(t)
  t.same(await takeTogether(t, directory), each)
  t.equal(readdirSync(directory).length, LOCKS, 'and nothing else is left beside the locks')
})

t.test('of several processes that find the owner of a lock dead one gets it', async (t) => {
  const directory = temporaryDirectory(t)
  const gone = spawnSync(process.execPath, ['--version']).pid
  for (const lock of each) writeFileSync(join(directory, String(lock)), `${gone}\n`)
  t.same(await takeTogether(t, directory), each)
})
