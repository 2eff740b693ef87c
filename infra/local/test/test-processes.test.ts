import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { planProcesses, writeEntries } from '../test-processes.ts'

const folder = fc.constantFrom(
  'packages/domain/test',
  'services/gateway/test/spool',
  'services/gateway/test',
  'infra/local/test',
  'acceptance',
  'acceptance/coherence/faults'
)
const file = fc.tuple(folder, fc.nat(99)).map(([where, number]) => `${where}/number-${number}.test.ts`)
const files = fc.uniqueArray(file, { maxLength: 120 })

t.test('every file is run exactly once, however files are put together', async (t) => {
  fc.assert(
    fc.property(files, (all) => {
      const planned = planProcesses(all).flatMap((process) => process.files)
      return planned.length === all.length && new Set(planned).size === all.length
    })
  )
  t.pass('holds')
})

t.test('files share a process only with those of the same package, service or acceptance folder', async (t) => {
  fc.assert(
    fc.property(files, (all) => planProcesses(all).every((process) => new Set(process.files.map(ownerOf)).size === 1))
  )
  t.pass('holds')
})

t.test('no process has more than a dozen files of a package, and the longest begin first', async (t) => {
  const many = Array.from({ length: 30 }, (_, number) => `services/gateway/test/number-${number}.test.ts`)
  const plan = planProcesses([...many, 'acceptance/crashes.test.ts', 'acceptance/errors.test.ts'])
  t.ok(plan.every((process) => process.files.length <= 12))
  t.equal(plan[0]?.name, 'acceptance')
})

t.test('what tap runs imports each file by its address; a file that is alone is run as it is', async (t) => {
  const plan = [
    { name: 'services/gateway 1 of 2', files: ['services/gateway/test/a.test.ts', 'services/gateway/test/b.test.ts'] },
    { name: 'infra/local/test/c.test.ts', files: ['infra/local/test/c.test.ts'] }
  ]
  const [shared = '', alone] = writeEntries(plan, '/check out', t.testdir())
  t.equal(basename(shared), 'services-gateway-1-of-2.test.ts')
  t.match(
    readFileSync(shared, 'utf8'),
    `import 'file://${join('/check%20out', 'services/gateway/test/a.test.ts')}'
import 'file://${join('/check%20out', 'services/gateway/test/b.test.ts')}'
`
  )
  t.equal(alone, 'infra/local/test/c.test.ts')
})

/** The package or service, or the folder below `acceptance`. */
function ownerOf(path: string): string {
  const folders = path.split('/').slice(0, -1)
  return folders.slice(0, 2).join('/')
}
