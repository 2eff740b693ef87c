import { mock } from 'node:test'
import t from 'tap'
import { keepAlive } from '../../src/channels/keep-alive.ts'

t.test('comments every 15 s and pings every 30 s, until the stream or the process ends', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => mock.timers.reset())
  const calls = { comment: 0, ping: 0, second: 0 }
  const alive = keepAlive()
  const stop = [
    alive.everyComment(() => calls.comment++),
    alive.everyPing(() => calls.ping++),
    alive.everySecond(() => calls.second++)
  ]
  mock.timers.tick(14_999)
  t.same(calls, { comment: 0, ping: 0, second: 14 })
  mock.timers.tick(1)
  t.same(calls, { comment: 1, ping: 0, second: 15 })
  mock.timers.tick(15_000)
  t.same(calls, { comment: 2, ping: 1, second: 30 })
  stop[0]?.()
  mock.timers.tick(30_000)
  t.same(calls, { comment: 2, ping: 2, second: 60 }, 'a stream that has ended is left alone')
  alive.close()
  mock.timers.tick(60_000)
  t.same(calls, { comment: 2, ping: 2, second: 60 })
})
