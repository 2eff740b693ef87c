import { until } from '@patgate/test-kit'
import t from 'tap'

t.test('answers the first truthy value', async (t) => {
  let asked = 0
  const value = await until(() => {
    asked++
    return asked === 3 ? 'third' : null
  })
  t.equal(value, 'third')
  t.equal(asked, 3)
})

t.test('a condition that throws does not hold yet', async (t) => {
  let asked = 0
  await until(async () => {
    asked++
    if (asked < 2) throw new Error('not yet')
    return true
  })
  t.equal(asked, 2)
})

t.test('fails with what was waited for and with the last error', async (t) => {
  const cause = new Error('still down')
  const wait = until(
    () => {
      throw cause
    },
    { timeoutMs: 30, message: 'the server is up' }
  )
  await t.rejects(wait, { message: 'did not come true within 30 ms: the server is up', cause })
})
