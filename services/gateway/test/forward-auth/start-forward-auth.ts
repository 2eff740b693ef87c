import { rawRequest, type Teardown } from '@patgate/test-kit'
import { startGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.ts'
import { LOOPBACK } from './loopback.ts'
import { type HttpAnswer, parseAnswer } from './raw-calls.ts'

export interface ForwardAuthGateway extends TestGateway {
  readonly authPort: number
  readonly grpcPort: number
}

/** A gateway that listens for proxies, and trusts those on this machine. */
export async function startForwardAuth(t: Teardown, options: TestGatewayOptions = {}): Promise<ForwardAuthGateway> {
  const config = { trustedProxies: LOOPBACK, forwardAuthPort: 0, envoyGrpcPort: 0, ...options.config }
  const gateway = await startGateway(t, { ...options, config })
  const { http, grpc } = gateway.forwardAuthPorts
  return { ...gateway, authPort: http ?? 0, grpcPort: grpc ?? 0 }
}

export async function ask(port: number, bytes: Buffer | string): Promise<HttpAnswer> {
  return parseAnswer(await rawRequest({ port, bytes }))
}

export function bearer(token: string): readonly string[] {
  return ['Authorization', `Bearer ${token}`]
}
