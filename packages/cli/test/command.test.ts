import { keyFingerprint } from '@patgate/merkle-log'
import t from 'tap'
import { aLog, patgate } from './an-export.ts'

const log = aLog()

t.test('0: it holds, and the hash of the key is printed', async (t) => {
  const files = { 'export.ndjson': log.export(), 'older.checkpoint': log.note(5) }
  const { status, out, err } = await patgate(
    t,
    files,
    'audit',
    'verify',
    'export.ndjson',
    '--checkpoint',
    'older.checkpoint'
  )
  t.equal(status, 0, err)
  t.match(out, `sha256 ${keyFingerprint(log.signer)}`)
  t.match(out, 'the 5 events of the older checkpoint are the beginning of this log')
  t.match(out, 'The export holds.')
  t.equal(err, '')
})

t.test('1: it does not hold, and what is wrong is said in words', async (t) => {
  const files = { 'export.ndjson': log.export({}, [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11]) }
  const { status, err } = await patgate(t, files, 'audit', 'verify', 'export.ndjson')
  t.equal(status, 1)
  t.match(err, /^line 4: leaf 2 is missing before this line/)
  t.match(err, 'The export does NOT hold.')
})

t.test('2: it cannot be found out', async (t) => {
  const files = { empty: '', 'export.ndjson': log.export() }
  const commandLines = [
    'audit verify nowhere.ndjson',
    'audit verify empty',
    'audit verify .',
    'audit verify export.ndjson --checkpoint nowhere',
    'audit verify export.ndjson --key nowhere',
    'audit verify export.ndjson --unknown',
    'audit verify',
    'nonsense'
  ]
  const runs = await Promise.all(commandLines.map((line) => patgate(t, files, ...line.split(' '))))
  runs.forEach(({ status, err }, index) => {
    t.equal(status, 2, String(commandLines[index]))
    t.ok(err.length > 0, err)
  })
})

t.test('help is no failure', async (t) => {
  const { status, out } = await patgate(t, {}, 'audit', 'verify', '--help')
  t.equal(status, 0)
  t.match(out, '--checkpoint <older>')
})
