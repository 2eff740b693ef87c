import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Test, test } from 'tap'
import { checkout } from '../home.ts'

/** An import that architecture.md allows or forbids, as if it stood in a file of that name. */
interface ImportCase {
  readonly file: string
  readonly imports: string
}

const FORBIDDEN: readonly ImportCase[] = [
  { file: 'packages/domain/src/probe.ts', imports: '@patgate/contracts' },
  { file: 'packages/token-format/src/probe.ts', imports: '@patgate/domain' },
  { file: 'packages/contracts/src/probe.ts', imports: '@patgate/service-kit' },
  { file: 'packages/service-kit/src/probe.ts', imports: '@patgate/database' },
  { file: 'packages/event-bus/src/probe.ts', imports: '@patgate/service-kit' },
  { file: 'packages/database/src/probe.ts', imports: '@patgate/event-bus' },
  { file: 'packages/client/src/probe.ts', imports: '@patgate/token-format' },
  { file: 'packages/coherence/src/probe.ts', imports: '@patgate/event-bus' },
  { file: 'packages/merkle-log/src/probe.ts', imports: '@patgate/database' },
  { file: 'packages/cli/src/probe.ts', imports: '@patgate/database' },
  { file: 'packages/console/src/probe.ts', imports: '@patgate/token-format' },
  { file: 'packages/console/src/probe.tsx', imports: 'node:crypto' },
  { file: 'services/gateway/src/probe.ts', imports: '@patgate/token-service' },
  { file: 'services/audit-service/src/probe.ts', imports: '@patgate/test-kit' },
  { file: 'acceptance/probe.test.ts', imports: '@patgate/service-kit' },
  { file: 'acceptance/probe.test.ts', imports: '../services/gateway/src/app.ts' }
]

const ALLOWED: readonly ImportCase[] = [
  { file: 'packages/contracts/src/probe.ts', imports: '@patgate/domain' },
  { file: 'packages/service-kit/src/probe.ts', imports: '@patgate/contracts' },
  { file: 'packages/client/src/probe.ts', imports: '@patgate/contracts' },
  { file: 'packages/cli/src/probe.ts', imports: '@patgate/merkle-log' },
  { file: 'packages/console/src/probe.ts', imports: '@patgate/client' },
  { file: 'services/gateway/src/probe.ts', imports: '@patgate/token-format' },
  { file: 'acceptance/probe.test.ts', imports: '@patgate/contracts' }
]

test('a wrong import fails the check', async (t) => {
  for (const each of FORBIDDEN) t.not(lint(t, each), 0, `${each.file} must not import ${each.imports}`)
})

test('a right import passes it', async (t) => {
  for (const each of ALLOWED) t.equal(lint(t, each), 0, `${each.file} may import ${each.imports}`)
})

/** The linter's exit status for one file with one import, in a tree of its own under the rules of this checkout. */
function lint(t: Test, { file, imports }: ImportCase): number | null {
  const tree = t.testdir({ 'biome.json': readFileSync(join(checkout, 'biome.json'), 'utf8') })
  mkdirSync(join(tree, dirname(file)), { recursive: true })
  writeFileSync(join(tree, file), `import { probe } from '${imports}'\n\nprobe()\n`)
  const options = ['lint', '--vcs-enabled=false', '--only=style/noRestrictedImports', file]
  return spawnSync(join(checkout, 'node_modules', '.bin', 'biome'), options, { cwd: tree }).status
}
