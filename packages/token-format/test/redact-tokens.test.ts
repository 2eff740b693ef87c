import { mintToken, redactTokens } from '@patgate/token-format'
import fc from 'fast-check'
import t from 'tap'

t.test('a token is found wherever it stands', async (t) => {
  const token = mintToken('pat')
  const places: [text: string, redacted: string][] = [
    [token, '[redacted]'],
    [`Bearer ${token}`, 'Bearer [redacted]'],
    [`Bearer%20${token}&x=1`, 'Bearer%20[redacted]&x=1'],
    [`/a/${token}/b`, '/a/[redacted]/b'],
    [`{"token":"${token}"}`, '{"token":"[redacted]"}'],
    [`x${token}x`, 'x[redacted]x'],
    [`${token}${token}`, '[redacted][redacted]'],
    [`pat_${token}`, 'pat_[redacted]']
  ]
  for (const [text, redacted] of places) t.equal(redactTokens(text, 'pat'), redacted)
})

t.test('no text around a token hides it', async () => {
  const token = mintToken('my_pat')
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      return !redactTokens(`${before}${token}${after}`, 'my_pat').includes(token)
    })
  )
})

t.test('text without a token is left alone', async (t) => {
  for (const text of ['', 'pat_', 'a path_to_something', `pat_${'a'.repeat(37)}-`, `tap_${'a'.repeat(38)}`]) {
    t.equal(redactTokens(text, 'pat'), text)
  }
})
