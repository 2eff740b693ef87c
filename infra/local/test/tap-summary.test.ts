import t from 'tap'
import { readTapSummary } from '../tap-summary.ts'

const printed = `TAP version 14
# Subtest: gateway.test.ts
    # Subtest: a request
        ok 1 - is answered
        not ok 2 - is forwarded
          ---
          at:
            fileName: gateway.test.ts
            lineNumber: 7
          diff: |
            -2
            +1
          ...
        1..2
    not ok 1 - a request
    1..1
not ok 1 - gateway.test.ts
# Subtest: hangs.test.ts
    ok 1 - begins
    1..1
not ok 2 - hangs.test.ts
  ---
  signal: SIGTERM
  ...
ok 3 - known to be wrong # TODO
1..3
# { total: 4, pass: 2, fail: 2 }
`

t.test('A summary counts assertions', async (t) => {
  const { passed, failed } = readTapSummary(printed)
  t.same({ passed, failed }, { passed: 2, failed: 2 })
})

t.test('A summary names each failure once, within its tests, with its place and what differs', async (t) => {
  const { failures } = readTapSummary(printed)
  t.equal(failures.length, 2)
  t.match(failures[0], /^gateway\.test\.ts > a request > is forwarded\n {2}at gateway\.test\.ts:7\n.*-2/)
})

t.test('A test file that died has failed, though none of its assertions did', async (t) => {
  t.match(readTapSummary(printed).failures[1], /^hangs\.test\.ts\n.*SIGTERM/)
})

t.test('Output that was cut has no sum', async (t) => {
  t.match(readTapSummary('TAP version 14\nok 1 - begins\n'), { passed: 0, failed: 0 })
})
