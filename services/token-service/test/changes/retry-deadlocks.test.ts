import { test } from 'tap'
import { commitChange } from '../../src/changes/record-change.ts'
import type { Write } from '../../src/database/schema.ts'
import { openService } from '../support/service.ts'

test('two changes that wait for each other are both done', async (t) => {
  const { deps, asNewPerson } = await openService(t)
  const owner = await asNewPerson('olga')
  const ids: string[] = [(await owner.createToken()).id, (await owner.createToken()).id]
  const bothHoldOne = Promise.withResolvers<void>()
  let holding = 0

  const lock = (transaction: Write, id: string) =>
    transaction.selectFrom('tokens').select('id').where('id', '=', id).forUpdate().execute()
  const attempts: string[] = []
  const change = (name: string, [first = '', second = '']: string[]) =>
    commitChange(deps, async (transaction) => {
      attempts.push(name)
      await lock(transaction, first)
      if (++holding === 2) bothHoldOne.resolve()
      await bothHoldOne.promise
      await lock(transaction, second)
      return { result: name, changes: [] }
    })

  const done = await Promise.all([change('forth', ids), change('back', [...ids].reverse())])
  t.same(
    done.map(({ result }) => result),
    ['forth', 'back']
  )
  t.ok(attempts.length > 2, 'one of them was broken off, and done again')
})
