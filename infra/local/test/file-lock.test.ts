import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { otherProcess } from './other-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const LOCKS = 400
const PROCESSES = 3

/** Which of the locks each of several processes got that try them one after the other, all at the same time. */
async function takeTogether(t: Test, directory: string): Promise<number[]> {
  const script = `import { tryLock } from '${fileURLToPath(new URL('../file-lock.ts', import.meta.url))}'
    process.stdin.once('data', () => {
      const taken = []
      for (let n = 0; n < ${LOCKS}; n++) if ('release' in tryLock('${directory}/' + n)) taken.push(n)
      console.log(JSON.stringify(taken))
    })
    console.log('"ready"')`
  const others = Array.from({ length: PROCESSES }, () => otherProcess(t, script))
  await Promise.all(others.map((other) => other.hear()))
  const taken = others.map((other) => other.hear<number[]>())
  for (const other of others) other.tell('go')
  return (await Promise.all(taken)).flat().toSorted((a, b) => a - b)
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
