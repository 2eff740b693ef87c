const OPCODE_CLOSE = 0x8
const MASKED = 0x80
const LENGTH = 0x7f
const SHORTEST_HEADER = 2

/**
 * Follows one direction of a WebSocket from frame to frame (RFC 6455, section 5.2) without looking at what is in them: only
 * between two frames may somebody else put a frame of his own.
 */
export class FrameBoundaries {
  readonly #header: number[] = []
  #headerLength = SHORTEST_HEADER
  #payloadLeft = 0
  #isClosing = false

  /** True between two frames. */
  get isBetweenFrames(): boolean {
    return this.#header.length === 0 && this.#payloadLeft === 0
  }

  /** True once a close frame has begun: nothing may follow it. */
  get isClosing(): boolean {
    return this.#isClosing
  }

  pass(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#payloadLeft > 0) {
        const passed = Math.min(this.#payloadLeft, chunk.length - at)
        this.#payloadLeft -= passed
        at += passed
      } else {
        this.#takeHeaderByte(chunk[at] ?? 0)
        at++
      }
    }
  }

  #takeHeaderByte(byte: number): void {
    this.#header.push(byte)
    const [first = 0, second = 0] = this.#header
    if (this.#header.length === SHORTEST_HEADER) this.#headerLength = headerLengthOf(second)
    if (this.#header.length < this.#headerLength) return
    if ((first & 0x0f) === OPCODE_CLOSE) this.#isClosing = true
    this.#payloadLeft = payloadLengthOf(this.#header)
    this.#header.length = 0
    this.#headerLength = SHORTEST_HEADER
  }
}

function headerLengthOf(second: number): number {
  return SHORTEST_HEADER + extendedBytes(second) + ((second & MASKED) === 0 ? 0 : 4)
}

function extendedBytes(second: number): number {
  const length = second & LENGTH
  if (length < 126) return 0
  return length === 126 ? 2 : 8
}

function payloadLengthOf(header: readonly number[]): number {
  const second = header[1] ?? 0
  const extended = header.slice(SHORTEST_HEADER, SHORTEST_HEADER + extendedBytes(second))
  if (extended.length === 0) return second & LENGTH
  return extended.reduce((length, byte) => length * 256 + byte, 0)
}
