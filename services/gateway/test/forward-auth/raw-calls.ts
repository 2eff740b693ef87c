import type { DecisionCase } from '../decision-case.ts'

/** How each HTTP adapter is told of a request, byte for byte (integrations.md). */
export const ADAPTERS = ['nginx', 'traefik', 'caddy', 'envoy', 'apisix'] as const
export type AdapterName = (typeof ADAPTERS)[number]

type Call = Pick<DecisionCase, 'method' | 'target' | 'body'> & { readonly headers?: readonly string[] }

/** The bytes of a proxy's call; `described` takes the place of the lines that name the original request. */
export function callBytes(adapter: AdapterName, call: Call, described?: readonly string[]): Buffer {
  const body = call.body ?? ''
  const lines = [
    requestLine(adapter, call),
    'Host: patgate.internal',
    'X-Forwarded-For: 127.0.0.1',
    ...(described ?? describe(adapter, call)),
    ...linesOf(call.headers ?? []),
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`])
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1')
}

/** Names and values in turn, as lines. */
export function linesOf(headers: readonly string[]): string[] {
  const lines: string[] = []
  for (let index = 0; index < headers.length; index += 2) lines.push(`${headers[index]}: ${headers[index + 1]}`)
  return lines
}

function requestLine(adapter: AdapterName, { method, target }: Call): string {
  if (adapter === 'envoy') return `${method} /forward-auth/envoy${target} HTTP/1.1`
  return `GET /forward-auth/${adapter} HTTP/1.1`
}

function describe(adapter: AdapterName, { method, target }: Call): string[] {
  if (adapter === 'envoy') return []
  if (adapter === 'nginx') return [`X-Original-Method: ${method}`, `X-Original-URI: ${target}`]
  return [
    `X-Forwarded-Method: ${method}`,
    'X-Forwarded-Proto: https',
    'X-Forwarded-Host: app.example.org',
    `X-Forwarded-Uri: ${target}`
  ]
}

export interface HttpAnswer {
  readonly status: number
  /** By lower-case name; several lines of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function parseAnswer(raw: string): HttpAnswer {
  const headEnd = raw.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = raw.slice(0, headEnd).split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return { status: Number(statusLine.slice(9, 12)), headers, body: raw.slice(headEnd + 4) }
}
