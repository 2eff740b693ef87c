import type { TokenName } from './decision-tokens.ts'

/** Where a decision can be asked for. `explain` and other planes join by a name here and a `Plane` of their own. */
export const PLANES = ['proxy', 'nginx', 'traefik', 'caddy', 'envoy', 'apisix', 'grpc', 'decide'] as const
export type PlaneName = (typeof PLANES)[number]

/** Those that hear of a request from somebody else's proxy. */
export const FORWARD_PLANES: readonly PlaneName[] = ['nginx', 'traefik', 'caddy', 'envoy', 'apisix', 'grpc']

export interface Expected {
  readonly status: number
  /** The code of the problem; null where the request is allowed. */
  readonly code: string | null
}

/** One request, and what every plane that can be asked about it has to answer. */
export interface DecisionCase {
  readonly name: string
  /** Sent as `Authorization: Bearer` where the case has no `headers` of its own; null sends none. */
  readonly token: TokenName | null
  readonly method: string
  /** Byte for byte, as the client sends it. */
  readonly target: string
  /** Names and values in turn; `{all}` stands for the secret of the token `all`. */
  readonly headers?: readonly string[]
  readonly body?: string
  readonly expected: Expected
  /** `group type id operation`: what `decide` is asked; without it that plane is left out. */
  readonly ask?: string
  readonly planes: readonly PlaneName[]
}
