import type { RejectionReason } from './rejection.ts'

/** What the guard looks at: the lines as they came, not Node's merged object, which hides duplicates. */
export interface RequestHead {
  readonly method: string
  readonly httpVersion: string
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]
}

const MAX_HEADERS = 256
const MAX_HEADER_BLOCK_BYTES = 16 * 1024
// `: ` and the line's end, which are part of the block.
const BYTES_PER_LINE = 4

const HEADER_NAME = /^[A-Za-z0-9-]+$/
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$/
const ALLOWED_CONNECTION_OPTIONS: ReadonlySet<string> = new Set(['close', 'keep-alive', 'upgrade', 'te'])
const METHODS_WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS'])
// Spellings that some other parser may take for the headers that frame a message.
const FRAMING_LOOKALIKES: ReadonlySet<string> = new Set(['transferencoding', 'contentlength'])

interface Seen {
  hosts: number
  authorizations: number
  hasTransferEncoding: boolean
  hasBody: boolean
}

/** Answers why a request's headers are refused, or null (gateway.md, section 1; security-cases.md, H and F). */
export function inspectHeaders(head: RequestHead): RejectionReason | null {
  const { rawHeaders } = head
  if (rawHeaders.length > MAX_HEADERS * 2) return 'too_many_headers'
  const seen: Seen = { hosts: 0, authorizations: 0, hasTransferEncoding: false, hasBody: false }
  let bytes = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const value = rawHeaders[index + 1] ?? ''
    bytes += name.length + value.length + BYTES_PER_LINE
    const reason = inspectLine(name, value, seen)
    if (reason !== null) return reason
  }
  return bytes > MAX_HEADER_BLOCK_BYTES ? 'header_block_too_large' : inspectWhole(head, seen)
}

function inspectLine(name: string, value: string, seen: Seen): RejectionReason | null {
  if (!HEADER_NAME.test(name)) return 'header_name'
  switch (name.toLowerCase()) {
    case 'host':
      seen.hosts++
      return HOST.test(value) ? null : 'host'
    case 'authorization':
      seen.authorizations++
      return seen.authorizations > 1 ? 'duplicate_authorization' : null
    case 'connection':
      return hasOnlyAllowedOptions(value) ? null : 'connection_option'
    case 'upgrade':
      return value.toLowerCase() === 'websocket' ? null : 'unsupported_upgrade'
    case 'transfer-encoding':
      if (seen.hasTransferEncoding || value.toLowerCase() !== 'chunked') return 'framing'
      seen.hasTransferEncoding = true
      seen.hasBody = true
      return null
    case 'content-length':
      seen.hasBody ||= value !== '0'
      return null
    default:
      return isFramingLookalike(name) ? 'framing' : null
  }
}

function inspectWhole({ method, httpVersion }: RequestHead, seen: Seen): RejectionReason | null {
  if (seen.hosts !== 1) return 'host'
  if (seen.hasTransferEncoding && httpVersion === '1.0') return 'framing'
  return seen.hasBody && METHODS_WITHOUT_BODY.has(method) ? 'unexpected_body' : null
}

function hasOnlyAllowedOptions(value: string): boolean {
  return value.split(',').every((option) => ALLOWED_CONNECTION_OPTIONS.has(option.trim().toLowerCase()))
}

function isFramingLookalike(name: string): boolean {
  return name.includes('--') && FRAMING_LOOKALIKES.has(name.replaceAll('-', '').toLowerCase())
}
