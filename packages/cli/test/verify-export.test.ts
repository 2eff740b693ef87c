import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatVerifierKey } from '@patgate/merkle-log'
import t, { type Test } from 'tap'
import { verifyExport } from '../src/audit-verify/verify-export.ts'
import { Unreadable } from '../src/outcome.ts'
import { aLog, anEvent, newSigner, SIZE, textOf } from './an-export.ts'

const log = aLog()

/** What is said to be wrong with a file of this text. */
async function problemsOf(t: Test, text: string | Buffer, older?: string, key?: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'patgate-cli-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const keep = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const { problems } = await verifyExport(keep('export', text), {
    olderFile: older === undefined ? null : keep('older', older),
    keyFile: key === undefined ? null : keep('key', key)
  })
  return problems.map(({ line, what }) => (line === null ? what : `${line}: ${what}`))
}

const without = (...gone: number[]): number[] =>
  Array.from({ length: SIZE }, (_, index) => index).filter((index) => !gone.includes(index))

t.test('a whole export holds, and so does an empty one', async (t) => {
  t.same(await problemsOf(t, log.export()), [])
  t.same(await problemsOf(t, log.export({ range: null, count: 0 }, [])), [])
})

t.test('no line can be changed, removed, repeated or reordered', async (t) => {
  const event = { ...anEvent(3), reason: 'changed' }
  const swapped = [0, 1, 2, 4, 3, 5, 6, 7, 8, 9, 10, 11]
  const proof = log.line(3).hashes
  const lines = (...changed: object[]) => textOf(log.header(), ...changed)
  const all: object[] = without().map((index) => log.line(index))
  const cases: [name: string, text: string, problem: RegExp][] = [
    ['an event', lines(...all.with(3, log.line(3, { event }))), /^5: this is not what the signed log holds at leaf 3/],
    ['a proof', lines(...all.with(3, log.line(3, { hashes: proof.toReversed() }))), /^5: this is not what/],
    ['a place', lines(...all.with(3, log.line(3, { leaf_index: 4 }))), /^5: leaf 3 is missing/],
    ['removed', log.export({}, without(3)), /^5: leaf 3 is missing before this line/],
    ['several removed', log.export({}, without(3, 4, 5)), /^5: leaves 3 to 5 are missing/],
    ['the first', log.export({}, without(0)), /^2: leaf 0 is missing/],
    ['the last', log.export({}, without(11)), /ends at leaf 10 and should go on to leaf 11/],
    ['all', log.export({}, []), /ends before its first leaf/],
    [
      'the last, and the header says so',
      log.export({ range: { first: 0, last: 10 }, count: 11 }, without(11)),
      /covers 12/
    ],
    ['repeated', log.export({}, [0, 1, 2, 2, ...without(0, 1, 2)]), /^5: leaf 2 comes a second time/],
    [
      'reordered',
      log.export({}, swapped),
      /^5: leaf 3 is missing before this line: it was removed, or the lines were reordered/
    ],
    ['another member', lines(...all.with(3, { ...log.line(3), note: 'hello' })), /^5: this is not a line of an export/],
    [
      'a member twice',
      log.export().replace('"leaf_index":3,', '"leaf_index":9,"leaf_index":3,'),
      /^5: this line is not written/
    ],
    ['other spaces', log.export().replace('"leaf_index":3,', '"leaf_index": 3,'), /^5: this line is not written/],
    ['no JSON', log.export().replace('"leaf_index":3,', 'leaf 3'), /^5: this is not a line/],
    ['torn', log.export().slice(0, -5), /^13: the file ends in the middle/]
  ]
  for (const [name, text, problem] of cases) t.match((await problemsOf(t, text)).at(0), problem, name)
  const broken = Buffer.from(log.export())
  broken[broken.lastIndexOf('Ada')] = 0xff
  t.match(await problemsOf(t, broken), [/^13: this is not a line/], 'no UTF-8')
})

t.test('a filtered export may have gaps, and nothing else', async (t) => {
  const header = { filtered: true, filters: { group: 'red' }, range: { first: 2, last: 9 }, count: 3 }
  t.same(await problemsOf(t, log.export(header, [2, 5, 9])), [])
  t.match(await problemsOf(t, log.export(header, [2, 9])), [/has 2 events and should have 3/])
  t.match(await problemsOf(t, log.export(header, [2, 9, 5])), [/^4: leaf 5 stands behind leaf 9/])
  t.match(await problemsOf(t, log.export(header, [1, 5, 9])), [/^2: leaf 1 is outside of what the header announces/])
})

t.test('an export of a time has no gap, and says which events are not of that time', async (t) => {
  // Leaf 4 arrived between the others and is an hour older.
  const late = aLog(log.signer, (index) =>
    index === 4 ? { ...anEvent(4), time: '2026-03-01T11:00:00.000Z' } : anEvent(index)
  )
  const range = { first: 2, last: 6 }
  const header = late.header({ filters: { from: anEvent(2).time, to: anEvent(7).time }, range, count: 5 })
  const lines: object[] = [2, 3, 4, 5, 6].map((index) => late.line(index))
  const outside = { leaf_index: 4, outside: true, hashes: late.line(4).hashes, event: late.line(4).event }
  t.same(await problemsOf(t, textOf(header, ...lines.with(2, outside))), [])
  t.match(await problemsOf(t, textOf(header, ...lines)), [/^4: leaf 4 is marked as inside/])
  t.match(await problemsOf(t, textOf(header, ...lines.toSpliced(2, 1))), [/^4: leaf 4 is missing/, /has 4 events/])
})

t.test('the checkpoint is signed by the key, or nothing else counts', async (t) => {
  const other = newSigner()
  t.match(await problemsOf(t, log.export({ checkpoint: log.note(SIZE, other) })), [
    /^1: the checkpoint does not hold: no known/
  ])
  t.match(await problemsOf(t, log.export({ checkpoint: log.note(SIZE).replace('\n12\n', '\n13\n') })), [/is not valid/])
  t.match(await problemsOf(t, log.export(), undefined, formatVerifierKey(other)), [
    /^1: the export was signed by another key/
  ])
})

t.test('a key may be given in each form in which it is handed out', async (t) => {
  const pem = log.signer.publicKey.export({ format: 'pem', type: 'spki' }).toString()
  const verifier_key = formatVerifierKey(log.signer)
  const answer = {
    origin: 'audit.example.com/log',
    keys: [{ verifier_key, public_key_pem: pem, sha256: '0'.repeat(64), signs: true }]
  }
  for (const key of [pem, verifier_key, JSON.stringify(answer)])
    t.same(await problemsOf(t, log.export(), undefined, key), [])
  await t.rejects(problemsOf(t, log.export(), undefined, 'no key'), Unreadable)
})

t.test('the log is the continuation of an older checkpoint, or it was rewritten', async (t) => {
  const rewritten = aLog(log.signer, (index) => ({ ...anEvent(index), reason: index === 2 ? 'rewritten' : null }))
  for (let size = 0; size <= SIZE; size += 1) {
    t.same(await problemsOf(t, log.export(), log.note(size)), [], `after ${size} events`)
    if (size <= 2) continue
    t.match(await problemsOf(t, rewritten.export(), log.note(size)), [/the log was rewritten/], `after ${size} events`)
  }
  t.same(await problemsOf(t, log.export(), log.export()), [], 'an older export')
  t.match(await problemsOf(t, log.export(), 'nonsense'), [/the older checkpoint does not hold/])
})

t.test('an export of a part needs to bring along what shows that the log was not rewritten', async (t) => {
  const part = { range: { first: 6, last: SIZE - 1 }, count: 6, filters: { from: anEvent(6).time } }
  const lines = [6, 7, 8, 9, 10, 11]
  t.match(await problemsOf(t, log.export(part, lines), log.note(4)), [/export again with consistent_with=4/])
  t.same(await problemsOf(t, log.export({ ...part, consistency: log.consistency(4) }, lines), log.note(4)), [])
  const forged = { ...log.consistency(4), hashes: log.consistency(4).hashes.toReversed() }
  t.match(await problemsOf(t, log.export({ ...part, consistency: forged }, lines), log.note(4)), [
    /the log was rewritten/
  ])
})

t.test('a log that is smaller than it was, and a checkpoint of another one, are refused', async (t) => {
  const bigger = aLog(log.signer).note(SIZE)
  const cut = { checkpoint: log.note(9), range: { first: 0, last: 8 }, count: 9 }
  t.match((await problemsOf(t, log.export(cut, []), bigger)).at(-1), /events at its end were taken away/)
  t.match(await problemsOf(t, log.export(), log.note(5, newSigner())), [/no known key signed it/])
})

t.test('a checkpoint signed before the key was rotated still counts', async (t) => {
  const retired = newSigner()
  const retired_keys = [formatVerifierKey(retired)]
  t.same(await problemsOf(t, log.export({ retired_keys }), log.note(5, retired)), [])
})

t.test('what is no export is unreadable', async (t) => {
  const csv = 'leaf_index,time\r\n1,2026-01-01\r\n'
  for (const text of ['', '\n', '{}\n', csv, textOf(log.line(0)), textOf({ ...log.header(), patgate_export: 2 })]) {
    await t.rejects(problemsOf(t, text), Unreadable, JSON.stringify(text.slice(0, 20)))
  }
})
