import { unclear } from './unclear.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const BYTE_ORDER_MARK = '\ufeff'

/** Decodes strictly: a wrong byte would be replaced by one server and refused by another, and so would a BOM. */
export function readUtf8(bytes: Uint8Array): string {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch (cause) {
    throw unclear('The body is not valid UTF-8', cause)
  }
  if (text.startsWith(BYTE_ORDER_MARK)) throw unclear('The body begins with a byte order mark')
  return text
}
