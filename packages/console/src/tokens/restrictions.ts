import type { CreateTokenBody, TokenBody } from '@patgate/contracts'

/** From where, and how often, a token may be used, as a form has it. */
export interface Restrictions {
  readonly addresses: string[]
  /** Empty where there is no limit. */
  readonly requests: number | ''
  readonly perSeconds: number | ''
  readonly selfRotate: boolean
}

export const NO_RESTRICTIONS: Restrictions = { addresses: [], requests: '', perSeconds: '', selfRotate: false }

const A_MINUTE_S = 60

export function restrictionsOf({ allowed_addresses, rate_limit, self_rotate }: TokenBody): Restrictions {
  return {
    addresses: [...allowed_addresses],
    requests: rate_limit?.requests ?? '',
    perSeconds: rate_limit?.per_seconds ?? '',
    selfRotate: self_rotate
  }
}

type OnWire = Required<Pick<CreateTokenBody, 'allowed_addresses' | 'self_rotate'>> & Pick<CreateTokenBody, 'rate_limit'>

/** A number of requests without a period means those of a minute. */
export function restrictionsOnWire({ addresses, requests, perSeconds, selfRotate }: Restrictions): OnWire {
  return {
    allowed_addresses: addresses,
    self_rotate: selfRotate,
    ...(requests === '' ? {} : { rate_limit: { requests, per_seconds: perSeconds === '' ? A_MINUTE_S : perSeconds } })
  }
}
