import { captureLogs } from '@patgate/test-kit'
import t from 'tap'

t.test('keeps whole lines, however they are cut into chunks', async (t) => {
  const logs = captureLogs()
  logs.stream.write('{"msg":"on')
  t.same(logs.lines, [])
  logs.stream.write('e"}\n{"msg":"two"}\n{"msg"')
  t.same(logs.records(), [{ msg: 'one' }, { msg: 'two' }])
  t.match(logs.text(), /two"\}\{"msg"$/, 'the text holds the unfinished line too')
})
