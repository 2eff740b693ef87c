/** A credential as it was sent, already known to be well formed: looking it up is worth a request. */
export type Credential =
  | {
      readonly kind: 'token'
      readonly secret: string
      /** The user name of Basic authentication, which must be the owner's email or id; empty for none. */
      readonly userName: string
    }
  | { readonly kind: 'session'; readonly secret: string }

/** Where a credential was, so that it can be kept from the upstream. */
export interface Carrier {
  readonly kind: 'header' | 'query' | 'cookie' | 'subprotocol'
  /** Lower case for headers; a subprotocol is a part of the header that has its name. */
  readonly name: string
}

/** Something that was sent where a credential may be; `credential` is null when it cannot be a valid one. */
export interface Presented {
  readonly credential: Credential | null
  readonly carrier: Carrier
  /** Distinguishes two credentials from one that was sent twice. */
  readonly text: string
}
