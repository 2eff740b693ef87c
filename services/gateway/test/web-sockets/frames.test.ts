import fc from 'fast-check'
import { test } from 'tap'
import { closeFrame, encodeFrame, maskedCloseFrame, OPCODES } from '../../src/web-sockets/frame.ts'
import { FrameBoundaries } from '../../src/web-sockets/frame-boundaries.ts'

const LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]
const payload = fc.constantFrom(...LENGTHS).map((length) => Buffer.alloc(length, 0x81))

test('the places between frames are found, however the bytes are cut into pieces', async () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 10 })
  fc.assert(
    fc.property(fc.array(payload, { minLength: 1, maxLength: 5 }), cuts, (payloads, pieces) => {
      const frames = payloads.map((bytes) => encodeFrame(OPCODES.binary, bytes))
      const ends = new Set([0])
      let end = 0
      for (const frame of frames) {
        end += frame.length
        ends.add(end)
      }
      const all = Buffer.concat(frames)
      const boundaries = new FrameBoundaries()
      for (let at = 0, turn = 0; at < all.length; turn++) {
        const piece = all.subarray(at, at + (pieces[turn % pieces.length] ?? 1))
        boundaries.pass(piece)
        at += piece.length
        if (boundaries.isBetweenFrames !== ends.has(at)) return false
      }
      return boundaries.isBetweenFrames && !boundaries.isClosing
    })
  )
})

test('byte by byte, masked or not, a close frame is seen', async (t) => {
  for (const frame of [closeFrame(1008, 'revoked'), maskedCloseFrame(1008, 'revoked')]) {
    const boundaries = new FrameBoundaries()
    for (const byte of frame) {
      boundaries.pass(Buffer.from([byte]))
    }
    t.ok(boundaries.isBetweenFrames && boundaries.isClosing)
  }
})
