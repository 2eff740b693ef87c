import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const packages = fileURLToPath(new URL('../../', import.meta.url))

t.test('nothing that a browser would load imports Node, nor what may not be there', async (t) => {
  const files = ['client', 'contracts', 'domain'].flatMap((name) => globSync(`${packages}${name}/src/**/*.ts`))
  t.ok(files.length > 30)
  for (const file of files) {
    const imports = [...readFileSync(file, 'utf8').matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '')
    const foreign = imports.filter((name) => !/^\.{1,2}\/|^@patgate\/(contracts|domain)$|^typebox$/.test(name))
    t.same(foreign, [], file.slice(packages.length))
  }
})
