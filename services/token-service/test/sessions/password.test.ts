import { test } from 'tap'
import { hashPassword, isPassword } from '../../src/sessions/password.ts'

test('passwords', async (t) => {
  await t.test('are kept as argon2id, salted each time, and recognised', async (t) => {
    const [one, other] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')])
    t.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    t.not(one, other)
    t.ok(await isPassword('correct horse', one))
    t.notOk(await isPassword('correct horsE', one))
  })

  await t.test('nobody has no password, and finding that out is the same work', async (t) => {
    t.notOk(await isPassword('correct horse', null))
    const hash = await hashPassword('x')
    const timed = async (phc: string | null): Promise<number> => {
      const startedMs = performance.now()
      await isPassword('wrong', phc)
      return performance.now() - startedMs
    }
    // In turn, and the quickest of each: whatever else the machine does can only make one slower.
    const quickest = { nobody: Number.POSITIVE_INFINITY, somebody: Number.POSITIVE_INFINITY }
    for (let round = 0; round < 10; round++) {
      quickest.nobody = Math.min(quickest.nobody, await timed(null))
      quickest.somebody = Math.min(quickest.somebody, await timed(hash))
    }
    const ratio = quickest.nobody / quickest.somebody
    t.ok(ratio > 0.3 && ratio < 3, `took ${ratio.toFixed(2)} times as long`)
  })

  await t.test('a hash of another kind is an error, not a refusal', async (t) => {
    await t.rejects(isPassword('x', '$2b$10$abc'))
  })
})
