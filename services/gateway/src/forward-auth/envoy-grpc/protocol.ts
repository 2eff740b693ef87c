import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { loadPackageDefinition, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

/** `envoy.service.auth.v3`, as far as it is read and written here; names are those of the `.proto` files. */
export interface CheckRequest {
  readonly attributes: {
    readonly source: Peer | null
    readonly request: { readonly http: HttpRequest | null } | null
  } | null
}

interface Peer {
  readonly address: { readonly socket_address: { readonly address: string } | null } | null
}

export interface HttpRequest {
  readonly method: string
  /** Names in lower case; lines of one name are joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  /** Every line by itself, where Envoy is told to `encode_raw_headers`; then `headers` is empty. */
  readonly header_map: { readonly headers: readonly HeaderValue[] } | null
  /** With the query. */
  readonly path: string
  readonly host: string
  readonly protocol: string
  readonly body: string
  readonly raw_body: Uint8Array
}

interface HeaderValue {
  readonly key: string
  readonly value: string
  readonly raw_value: Uint8Array
}

export interface CheckResponse {
  /** A code of `google.rpc.Code`; 0 allows, everything else denies. */
  readonly status: { readonly code: number }
  readonly ok_response?: {
    readonly headers: readonly HeaderOption[]
    readonly headers_to_remove: readonly string[]
    readonly response_headers_to_add: readonly HeaderOption[]
  }
  readonly denied_response?: {
    readonly status: { readonly code: number }
    readonly headers: readonly HeaderOption[]
    readonly body: string
  }
}

export interface HeaderOption {
  readonly header: { readonly key: string; readonly value: string }
  /** `OVERWRITE_IF_EXISTS_OR_ADD`: whatever the client sent under this name is gone. */
  readonly append_action: 'OVERWRITE_IF_EXISTS_OR_ADD'
}

export type AuthorizationService = ServiceDefinition<UntypedServiceImplementation>

const PROTO = 'envoy/service/auth/v3/external_auth.proto'
const INCLUDED = ['envoy-api', 'googleapis', 'protoc-gen-validate', 'xds']

/** Read from the official `.proto` files, which the gRPC project ships for its own use of Envoy's protocols. */
export function loadAuthorizationService(): AuthorizationService {
  const home = dirname(createRequire(import.meta.url).resolve('@grpc/grpc-js-xds/package.json'))
  const definition = loadSync(PROTO, {
    includeDirs: INCLUDED.map((folder) => join(home, 'deps', folder)),
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true
  })
  const service = loadPackageDefinition(definition) as unknown as {
    envoy: { service: { auth: { v3: { Authorization: { service: AuthorizationService } } } } }
  }
  return service.envoy.service.auth.v3.Authorization.service
}
