import { unclear } from './unclear.ts'

/** One part of a `multipart/form-data` body. */
export interface BodyPart {
  readonly name: string
  readonly isFile: boolean
  readonly content: Buffer
}

const LONGEST_HEADERS = 2_048
const NAME = '"([^"\\\\\\r\\n]{1,200})"|([\\w.-]{1,200})'
const FILENAME = '; *filename\\*?=(?:"(?:[^"\\\\]|\\\\.)*"|[^\\s;"]+)'
const DISPOSITION = new RegExp(`^ *form-data; *name=(?:${NAME})((?:${FILENAME})*)$`, 'i')
/** Content as it stands: no base64, no charset but UTF-8. */
const HARMLESS_HEADERS = /^content-length: *\d+$|^content-transfer-encoding: *(?:7bit|8bit|binary)$/i
const CONTENT_TYPE = /^content-type: *[^\s;]+(?:; *charset="?utf-8"?)?$/i
const CONTENT_TYPE_OF_FILE = /^content-type:/i

/**
 * Splits a complete body at its delimiters (RFC 2046, RFC 7578), in its one strict spelling: no preamble, no
 * epilogue, and no delimiter anywhere but between parts. Parsers of multipart forgive a lot, each something else, and
 * pass over what they do not understand; here nothing is passed over, so every one of them finds the same parts.
 */
export function splitMultipart(body: Uint8Array, boundary: string, mostParts: number): BodyPart[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const delimiter = `--${boundary}`
  const pieces = piecesOf(bytes, Buffer.from(delimiter, 'latin1'), mostParts + 2)
  const preamble = pieces.shift()
  const epilogue = pieces.pop()?.toString('latin1')
  if (preamble?.length !== 0 || (epilogue !== '--' && epilogue !== '--\r\n')) {
    throw unclear('The multipart body does not begin and end with its boundary')
  }
  if (pieces.length > mostParts) throw unclear(`A multipart body has at most ${mostParts} parts`)
  return pieces.map(readPart)
}

/** The bytes between the delimiters, at most so many pieces. */
function piecesOf(bytes: Buffer, delimiter: Buffer, most: number): Buffer[] {
  const pieces: Buffer[] = []
  let start = 0
  while (pieces.length <= most) {
    const end = bytes.indexOf(delimiter, start)
    pieces.push(bytes.subarray(start, end === -1 ? bytes.length : end))
    if (end === -1) break
    start = end + delimiter.length
  }
  return pieces
}

/** A piece is a line break, the headers, an empty line, the content and a line break. */
function readPart(piece: Buffer): BodyPart {
  const headersEnd = piece.indexOf('\r\n\r\n')
  const isFramed = piece.indexOf('\r\n') === 0 && piece.subarray(-2).toString('latin1') === '\r\n'
  if (!isFramed || headersEnd === -1 || headersEnd > LONGEST_HEADERS || headersEnd + 4 > piece.length - 2) {
    throw unclear('A part of the multipart body is not well formed')
  }
  const lines = piece.subarray(2, headersEnd).toString('latin1').split('\r\n')
  return { ...readHeaders(lines), content: piece.subarray(headersEnd + 4, -2) }
}

function readHeaders(lines: readonly string[]): Omit<BodyPart, 'content'> {
  const dispositions = lines.filter((line) => /^content-disposition:/i.test(line))
  const others = lines.filter((line) => !dispositions.includes(line))
  const value = dispositions[0]?.slice('content-disposition:'.length) ?? ''
  const [, quoted, plain, filename = ''] = DISPOSITION.exec(value) ?? []
  const name = quoted ?? plain
  if (name === undefined || dispositions.length > 1) throw unclear('A part of the multipart body has no one name')
  const isFile = filename !== ''
  const isHarmless = (line: string): boolean =>
    HARMLESS_HEADERS.test(line) || (isFile ? CONTENT_TYPE_OF_FILE : CONTENT_TYPE).test(line)
  if (!others.every(isHarmless) || lines.some((line) => /[\r\n\0]/.test(line))) {
    throw unclear('A part of the multipart body has headers that would change its meaning')
  }
  return { name, isFile }
}
