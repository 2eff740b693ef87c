import type { GatewayPage } from '@patgate/contracts'
import type { CallOptions, Send } from '../http.ts'
import type { Paging } from '../pages.ts'

/** The gateways by their leases, for administrators. */
export interface GatewayCalls {
  list(paging?: Paging, options?: CallOptions): Promise<GatewayPage>
}

export function gatewayCalls(send: Send): GatewayCalls {
  return { list: (paging, options) => send({ ...options, method: 'GET', path: '/v1/gateways', query: { ...paging } }) }
}
