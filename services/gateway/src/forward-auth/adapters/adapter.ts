import type { IncomingMessage } from 'node:http'
import type { ProblemAnswer } from '@patgate/service-kit'
import type { HeaderList } from '../../proxy/request-headers.ts'
import type { Described } from '../original-request.ts'

/** How one kind of proxy asks, and in which words it understands an answer (integrations.md). */
export interface Adapter {
  /** The last part of its address: `/forward-auth/<name>`. */
  readonly name: string
  /** Reads what the proxy says of the request it holds back; `rest` is what follows the name in the address. */
  describe(call: IncomingMessage, rest: string): Described
  /** False when the body that came is only the beginning of the client's. */
  hasWholeBody(call: IncomingMessage): boolean
  /** Whether the proxy takes headers out of the request when `x-envoy-auth-headers-to-remove` names them. */
  readonly removesHeaders: boolean
  deny(problem: ProblemAnswer): AdapterAnswer
}

export interface AdapterAnswer {
  readonly status: number
  readonly headers: HeaderList
  readonly body: string
}
