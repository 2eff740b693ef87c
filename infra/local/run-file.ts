import { existsSync, readFileSync } from 'node:fs'
import { writePrivateFile } from './secrets.ts'

/** `.patgate/run.json` (running.md): where everything listens, and the secrets that exist nowhere else. */
export interface RunFile {
  gateway_url: string
  /** The console, on a port and an origin of its own. */
  console_url?: string
  /** Where other people's proxies ask the first gateway, and the same for Envoy over gRPC. */
  forward_auth_url: string
  forward_auth_socket?: string
  grpc_url: string | null
  nats_url: string
  /** Where MQTT clients connect; left out with a NATS that somebody else runs. */
  mqtt_url?: string
  admin: { email: string; password: string }
  demo: { group: string; token: string }
  gateway_urls: string[]
  /** Health and metrics of each gateway. */
  gateway_ops_urls: string[]
  /** The first of `token_service_urls`; gateway i talks to number i mod n. */
  token_service_url: string
  token_service_urls: string[]
  audit_service_url: string
  database_url: string
  redis_url: string
  pids: {
    runner: number
    postgres?: number
    redis?: number
    nats?: number
    token_service: number
    token_services: number[]
    audit_service: number
    gateways: number[]
  }
}

/** What a later start keeps of the last one. */
export type KeptSecrets = Partial<Pick<RunFile, 'admin' | 'demo'>>

/** Replaces the file in one step, readable by its owner only. */
export function writeRunFile(path: string, content: RunFile): void {
  writePrivateFile(path, JSON.stringify(content, null, 2))
}

/** The administrator and the demo token of an earlier start; nothing when there was none, or the file is not readable. */
export function readKeptSecrets(path: string): KeptSecrets {
  if (!existsSync(path)) return {}
  const content = parse(readFileSync(path, 'utf8'))
  return {
    ...(hasStrings(content.admin, 'email', 'password') ? { admin: content.admin } : {}),
    ...(hasStrings(content.demo, 'group', 'token') ? { demo: content.demo } : {})
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function hasStrings<K extends string>(value: unknown, ...keys: K[]): value is Record<K, string> {
  if (typeof value !== 'object' || value === null) return false
  return keys.every((key) => typeof (value as Record<string, unknown>)[key] === 'string')
}
