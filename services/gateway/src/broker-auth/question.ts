import type { Operation } from '@patgate/domain'

/** What a broker wants to know, in words of our own. The user name must be the token's id (channels.md). */
export type Question =
  | {
      readonly kind: 'authenticate'
      readonly userName: string
      readonly password: string
      readonly address: string | null
    }
  | {
      readonly kind: 'act'
      readonly userName: string
      readonly operations: readonly Operation[]
      /** As an MQTT topic or filter. */
      readonly topic: string
      readonly address: string | null
    }
  /** Whether the token is still good for something: for what is no channel and can do no harm. */
  | { readonly kind: 'be'; readonly userName: string; readonly address: string | null }
  /** Never allowed, whoever asks. */
  | { readonly kind: 'never' }

export interface Judgement {
  readonly isAllowed: boolean
  /** False when it could not be decided; every broker takes that for no. */
  readonly isDecided: boolean
  /** When the token ends by itself; null for never, and where nothing was allowed. */
  readonly expiresAtMs: number | null
}

export interface BrokerAnswer {
  readonly status: number
  readonly type: 'application/json' | 'text/plain'
  readonly body: string
}

/** The fields of one call, from its JSON, its form or its query. */
export type Fields = Readonly<Record<string, string>>

/** One kind of broker: what its calls mean, and how it wants to be answered. */
export interface Broker {
  /** Null for a path that it does not call. */
  questionIn(path: string, fields: Fields): Question | null
  answer(path: string, judgement: Judgement): BrokerAnswer
}
