import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { BASE62_ALPHABET, digestOf, hintOf, isWellFormedToken, mintToken, PREFIX_PATTERN } from '@patgate/token-format'
import fc from 'fast-check'
import t from 'tap'

/** The test vectors of the contract: token, CRC-32 of all but the last six characters, SHA-256 of the whole. */
const VECTORS = [
  [
    'pat_000000000000000000000000000000000dawQ1',
    '22dfa285',
    '65eaa65c1f0788a37014252f9de06aa321b0700df62c6f077addd5ab92acbe78'
  ],
  [
    'pat_abcdefghijklmnopqrstuvwxyzABCDEF4AHI6h',
    'e379e27f',
    '6b472f2485845f6998ce63b8426378fb1023204ebff02ee85ed03f4bf82d2a80'
  ],
  [
    'pat_7Kp3Vx9QmZt2LrW8bNc5HdY1sGfJ4aTe2iOIMg',
    '944f2586',
    'b7023ac212759350ac426c2447b1b719f130d4d993a50e6ba0eb1f1c77a4c1f5'
  ]
] as const

const prefix = fc.stringMatching(new RegExp(PREFIX_PATTERN))

/** A source that gives the same bytes again and again. */
const repeating = (bytes: readonly number[]) => (size: number) =>
  Uint8Array.from({ length: size }, (_, index) => bytes[index % bytes.length] ?? 0)

t.test('the vectors of the contract', async (t) => {
  for (const [token, crc, sha256] of VECTORS) {
    t.ok(isWellFormedToken(token, 'pat'), token)
    t.equal(crc32(token.slice(0, -6)).toString(16), crc)
    t.equal(digestOf(token).toString('hex'), sha256)
    t.match(token, /^pat_[0-9A-Za-z]{38}$/, 'scanners find it')
  }
})

t.test('the bytes that spell a vector mint that vector', async (t) => {
  for (const [token] of VECTORS) {
    const bytes = [...token.slice(4, 36)].map((character) => BASE62_ALPHABET.indexOf(character))
    t.equal(mintToken('pat', repeating(bytes)), token)
  }
})

t.test('whatever is minted is well formed, for every prefix and all bytes', async () => {
  fc.assert(
    fc.property(prefix, fc.array(fc.nat({ max: 247 }), { minLength: 1, maxLength: 32 }), (name, bytes) => {
      const token = mintToken(name, repeating(bytes))
      return isWellFormedToken(token, name) && token.length === name.length + 39
    })
  )
})

t.test('two tokens of the real source differ, and hold every character of the alphabet before long', async (t) => {
  const tokens = Array.from({ length: 200 }, () => mintToken('pat'))
  t.equal(new Set(tokens).size, 200)
  t.equal(new Set(tokens.map((token) => token.slice(4, 36)).join('')).size, 62)
})

t.test('every change of a single character is refused', async (t) => {
  const [token] = VECTORS[2]
  const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
  let refused = 0
  for (let position = 0; position < token.length; position++) {
    for (const character of printable) {
      if (character === token[position]) continue
      const changed = token.slice(0, position) + character + token.slice(position + 1)
      if (isWellFormedToken(changed, 'pat')) t.fail(`accepted ${changed}`)
      else refused++
    }
  }
  t.equal(refused, token.length * 94)
})

t.test('swapped neighbours are refused', async (t) => {
  const [token] = VECTORS[2]
  for (let at = 4; at < token.length - 1; at++) {
    const swapped = `${token.slice(0, at)}${token[at + 1]}${token[at]}${token.slice(at + 2)}`
    if (swapped !== token) t.notOk(isWellFormedToken(swapped, 'pat'), swapped)
  }
})

t.test('another length, alphabet or prefix is refused', async (t) => {
  const [token] = VECTORS[0]
  const wrong: [text: string, why: string][] = [
    ['', 'empty'],
    [token.slice(0, -1), 'one character short'],
    [`${token}0`, 'one character long'],
    [` ${token}`, 'a space before'],
    [`${token}\n`, 'a line end after'],
    [token.replace('pat_', 'pat-'), 'another separator'],
    [token.replace('pat_', 'PAT_'), 'a prefix in capitals'],
    [token.replace('pat_', 'tap_'), 'another prefix'],
    [token.replace('0', '０'), 'a full-width zero'],
    [token.replace('0', '+'), 'a character of base64'],
    ['pat_', 'the prefix alone']
  ]
  for (const [text, why] of wrong) t.equal(isWellFormedToken(text, 'pat'), false, why)
  t.equal(isWellFormedToken(token, 'pat2'), false, 'the token of another installation')
  t.equal(isWellFormedToken(mintToken('pat_x'), 'pat'), false, 'a prefix that begins like ours')
})

t.test('another separator is refused even under a checksum that holds', async (t) => {
  const signed = (unsigned: string): string => {
    let checksum = ''
    for (let rest = crc32(unsigned); checksum.length < 6; rest = Math.floor(rest / 62)) {
      checksum = BASE62_ALPHABET.charAt(rest % 62) + checksum
    }
    return unsigned + checksum
  }
  t.ok(isWellFormedToken(signed(`pat_${'0'.repeat(32)}`), 'pat'))
  for (const separator of ['-', 'x', ' ']) {
    t.notOk(isWellFormedToken(signed(`pat${separator}${'0'.repeat(32)}`), 'pat'), separator)
  }
})

t.test('the checksum covers the prefix', async (t) => {
  const [token] = VECTORS[1]
  t.notOk(isWellFormedToken(token.replace('pat_', 'cat_'), 'cat'))
})

t.test('random text of the right shape is refused, but for one in 57 billion', async (t) => {
  const isChance = Array.from({ length: 20_000 }, () => {
    const body = [...randomBytes(38)].map((byte) => BASE62_ALPHABET.charAt(byte % 62)).join('')
    return isWellFormedToken(`pat_${body}`, 'pat')
  })
  t.notOk(isChance.includes(true))
})

t.test('a megabyte of garbage costs no more than a look at its length', async (t) => {
  const garbage = `pat_${'0'.repeat(1024 * 1024)}`
  const startedAtMs = performance.now()
  for (let round = 0; round < 10_000; round++) {
    if (isWellFormedToken(garbage, 'pat')) t.fail('accepted')
  }
  // Reading ten thousand megabytes takes seconds, looking at ten thousand lengths a millisecond.
  t.ok(performance.now() - startedAtMs < 500)
})

t.test('bytes that would favour some characters are thrown away', async (t) => {
  const batches = [[248, 249, 255, 247, 0, 61, 62], [255], [250, 1]]
  const asked: number[] = []
  const token = mintToken('pat', (size) => {
    const batch = batches[asked.length] ?? Array.from({ length: size }, () => 2)
    asked.push(size)
    return Uint8Array.from(batch)
  })
  t.equal(token.slice(4, 36), `z0z01${'2'.repeat(27)}`, '248 and above are skipped, 62 begins again at 0')
  t.same(asked, [32, 28, 28, 27], 'and only what is missing is asked for again')
})

t.test('each character of the alphabet comes from exactly four bytes', async (t) => {
  const counts = new Map<string, number>()
  for (let byte = 0; byte < 248; byte++) {
    const character = mintToken('pat', repeating([byte])).charAt(4)
    counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  t.equal(counts.size, 62)
  t.same([...new Set(counts.values())], [4])
})

t.test('a hint shows four characters at each end and nothing between', async (t) => {
  t.equal(hintOf(VECTORS[2][0], 'pat'), 'pat_7Kp3…OIMg')
})

t.test('prefixes', async (t) => {
  const pattern = new RegExp(PREFIX_PATTERN)
  for (const name of ['pat', 'ab', 'my_pat', 'a1', 'x'.repeat(20)]) t.match(name, pattern)
  for (const name of ['', 'a', '1a', '_a', 'a_', 'Pat', 'a-b', 'x'.repeat(21), 'pat\n']) t.notMatch(name, pattern, name)
})
