import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { openCheckpoint, signCheckpoint } from '../src/checkpoint.ts'
import { EMPTY_ROOT } from '../src/hashes.ts'
import {
  formatVerifierKey,
  keyFingerprint,
  NoteError,
  noteKey,
  noteSigner,
  openNote,
  parseVerifierKey,
  signNote
} from '../src/signed-note.ts'

// The published note of golang.org/x/mod/sumdb/note, after which C2SP wrote signed-note down.
const TEXT = `If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n`
const NOTE = `${TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`
const VERIFIER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1)
const OTHER_VERIFIER_KEY = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'

// DER of a PKCS #8 Ed25519 key (RFC 8410), up to the 32 bytes of its seed.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

function publishedSigner() {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, SEED]), format: 'der', type: 'pkcs8' })
  return noteSigner('PeterNeumann', key)
}

function newSigner(name: string) {
  return noteSigner(name, generateKeyPairSync('ed25519').privateKey)
}

t.test('the published note is signed byte for byte, and opens', async (t) => {
  t.equal(signNote(TEXT, publishedSigner()), NOTE)
  t.equal(openNote(NOTE, [parseVerifierKey(VERIFIER_KEY)]).text, TEXT)
})

t.test('the example of C2SP signed-note opens', async (t) => {
  const key = parseVerifierKey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k')
  const note =
    'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'
  t.equal(openNote(note, [key]).text, 'This is an example message.\n')
})

t.test("a verifier's key is read and written as published", async (t) => {
  for (const text of [VERIFIER_KEY, OTHER_VERIFIER_KEY]) t.equal(formatVerifierKey(parseVerifierKey(text)), text)
  t.equal(formatVerifierKey(noteKey('PeterNeumann', publishedSigner().privateKey)), VERIFIER_KEY)
  t.match(keyFingerprint(parseVerifierKey(VERIFIER_KEY)), /^[0-9a-f]{64}$/)
  for (const bad of [
    '',
    'PeterNeumann',
    VERIFIER_KEY.replace('c74f', 'c74e'),
    `${VERIFIER_KEY}=`,
    ` ${VERIFIER_KEY}`
  ]) {
    t.throws(() => parseVerifierKey(bad), NoteError, bad)
  }
})

t.test('signatures of strangers do not count, and a false one of a known key spoils the note', async (t) => {
  const known = parseVerifierKey(VERIFIER_KEY)
  const stranger = newSigner('stranger.example')
  const line = signNote(TEXT, stranger).split('\n').at(-2)
  t.equal(openNote(`${NOTE}${line}\n`, [known]).text, TEXT)
  t.throws(() => openNote(NOTE, [stranger]), /no known key/)
  t.throws(() => openNote(`${NOTE.replace('know', 'KNOW')}${line}\n`, [known, stranger]), /not valid/)
})

t.test('what is not exactly a note is refused', async (t) => {
  const known = [parseVerifierKey(VERIFIER_KEY)]
  const wrong = {
    'no signature': TEXT,
    'no newline at the end': NOTE.slice(0, -1),
    'no empty line': NOTE.replace('\n\n', '\n'),
    'a hyphen': NOTE.replace('—', '-'),
    'a control character': NOTE.replace('you think', 'you\tthink'),
    'other base64': NOTE.replace('AM=', 'AN='),
    'too many signatures': NOTE + '— a AAAAAAA=\n'.repeat(16),
    nothing: ''
  }
  for (const [name, note] of Object.entries(wrong)) t.throws(() => openNote(note, known), NoteError, name)
})

t.test('a checkpoint is the three lines of tlog-checkpoint, under the name of its log', async (t) => {
  const signer = newSigner('example.com/log')
  const signed = signCheckpoint({ size: 20_852_163, root: EMPTY_ROOT }, signer)
  t.match(signed.note, `example.com/log\n20852163\n${EMPTY_ROOT.toString('base64')}\n\n— example.com/log `)
  t.match(openCheckpoint(signed.note, [signer]), { origin: 'example.com/log', size: 20_852_163, root: EMPTY_ROOT })
  const bodies = {
    'another log': `example.com/other\n1\n${EMPTY_ROOT.toString('base64')}\n`,
    'a leading zero': `example.com/log\n01\n${EMPTY_ROOT.toString('base64')}\n`,
    'a short root': 'example.com/log\n1\nAAAA\n',
    'a size beyond numbers': `example.com/log\n99999999999999999999\n${EMPTY_ROOT.toString('base64')}\n`,
    'a poem': 'example.com/log\nroses are red\n'
  }
  for (const [name, body] of Object.entries(bodies)) {
    t.throws(() => openCheckpoint(signNote(body, signer), [signer]), NoteError, name)
  }
})
