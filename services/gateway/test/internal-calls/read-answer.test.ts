import t from 'tap'
import { readAnswer } from '../../src/internal-calls/read-answer.ts'

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text)
}

t.test('JSON comes as it is, however it was cut', async (t) => {
  const bytes = Buffer.from('{"a":"ü"}')
  async function* cut(): AsyncGenerator<Buffer> {
    for (const byte of bytes) yield Buffer.from([byte])
  }
  t.same(await readAnswer(cut()), { a: 'ü' })
  for (const broken of ['', '{', 'nothing']) t.equal(await readAnswer(pieces(broken)), null)
})

t.test('C6: what has no end is given up at the bound', async (t) => {
  let taken = 0
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) {
      taken += 1_000
      yield Buffer.alloc(1_000, ' ')
    }
  }
  await t.rejects(readAnswer(endless(), 10_000), /more than 10000 bytes/)
  t.equal(taken, 11_000)
})
