import { promisify } from 'node:util'
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js'
import type { Teardown } from '@patgate/test-kit'
import { type CheckResponse, loadAuthorizationService } from '../../src/forward-auth/envoy-grpc/protocol.ts'

/** What Envoy fills in of a request it holds back. */
export interface EnvoyHttp {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly header_map?: { readonly headers: readonly { readonly key: string; readonly raw_value: Buffer }[] }
  readonly host?: string
  readonly protocol?: string
  readonly body?: string
  readonly raw_body?: Buffer
}

export type Check = (http: EnvoyHttp, sourceAddress?: string) => Promise<CheckResponse>

/** A real gRPC client, as far as Envoy would be one. */
export function envoyClient(t: Teardown, port: number): Check {
  const Client = makeGenericClientConstructor(loadAuthorizationService(), 'Authorization')
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  t.teardown(() => client.close())
  const { Check } = client
  if (Check === undefined) throw new Error('the service has no Check')
  const call = promisify(Check.bind(client)) as unknown as (request: object) => Promise<CheckResponse>
  return (http, sourceAddress = '127.0.0.1') =>
    call({
      attributes: {
        source: { address: { socket_address: { address: sourceAddress, port_value: 4711 } } },
        request: { http: { host: 'app.example.org', protocol: 'HTTP/1.1', ...http } }
      }
    })
}
