import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { readLeaseRows } from '../../src/coherence/lease-rows.ts'
import { startReaper } from '../../src/coherence/reaper.ts'
import { newHolder, openChangeLog } from './change-log.ts'

const LAPSED_MS = 2_201

test('the reaper removes rows that stand still for longer than a lease, by its own clock, and no other', async (t) => {
  const log = await openChangeLog(t)
  const [alive, dead] = [newHolder(), newHolder()]
  const head = await log.commit()
  for (const holder of [alive, dead]) await log.renew(holder, head)
  let nowMs = 0
  let looks = 0
  const reaper = startReaper(log.database, () => {
    looks++
    return nowMs
  })
  t.teardown(() => reaper.stop())
  const holders = async () => (await readLeaseRows(log.database)).live.map(({ holder }) => holder)

  await until(() => looks === 1, { message: 'it has seen both rows' })
  t.same((await holders()).toSorted(), [alive, dead].toSorted())
  await log.renew(alive, head)
  nowMs += LAPSED_MS
  await until(async () => !(await holders()).includes(dead), { message: 'the row that stood still is gone' })
  t.same(await holders(), [alive])

  nowMs += LAPSED_MS
  await until(async () => (await holders()).length === 0, { message: 'nobody renewed the other one either' })
  t.pass('both are gone')
})
