import type { RejectionReason } from '../guard/rejection.ts'

/** A request that somebody else's proxy holds back until we have answered. */
export interface OriginalRequest {
  readonly id: string
  readonly method: string
  /** As the client sent it: path and query. */
  readonly target: string
  readonly httpVersion: string
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]
  /** The client's own address; null where the proxy does not name one. */
  readonly address: string | null
  /** The complete body; null when the proxy kept it, or a part of it, to itself. */
  readBody(): Promise<Uint8Array | null>
}

/** What a proxy says about the request it holds back, or why that cannot be believed. */
export type Described =
  | { readonly ok: true; readonly method: string; readonly target: string }
  | { readonly ok: false; readonly reason: RejectionReason }

/** The value of a header that has to be there exactly once; null when it is missing, empty, or there twice. */
export function onlyLine(rawHeaders: readonly string[], lowerCaseName: string): string | null {
  let found: string | null = null
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== lowerCaseName) continue
    if (found !== null) return null
    found = rawHeaders[index + 1] ?? ''
  }
  return found === '' ? null : found
}

/** Reads method and target from two headers, each there exactly once (security-cases.md, H7). */
export function describedBy(rawHeaders: readonly string[], methodHeader: string, targetHeader: string): Described {
  const method = onlyLine(rawHeaders, methodHeader)
  if (method === null || method.includes(',')) return { ok: false, reason: 'original_method' }
  const target = onlyLine(rawHeaders, targetHeader)
  return target === null ? { ok: false, reason: 'original_target' } : { ok: true, method, target }
}
