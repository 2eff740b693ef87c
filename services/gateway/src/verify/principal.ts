import { BlockList, isIP } from 'node:net'
import { IDENTITY_HEADERS, type Snapshot, scopeFromWire } from '@patgate/contracts'
import { compileScopes, type Subject } from '@patgate/domain'

/** A snapshot, compiled once into what every decision about it needs. */
export interface Principal {
  readonly kind: Snapshot['kind']
  readonly tokenId: string | null
  readonly sessionId: string | null
  readonly owner: Snapshot['owner']
  readonly subject: Subject
  /** Compared with the clock at every decision; null never ends. */
  readonly expiresAtMs: number | null
  /** Where the token may be used from; null for everywhere. */
  readonly allowedAddresses: BlockList | null
  /** Names and values in turn, for the upstream. */
  readonly identityHeaders: readonly string[]
}

export function compilePrincipal(snapshot: Snapshot): Principal {
  return {
    kind: snapshot.kind,
    tokenId: snapshot.token_id,
    sessionId: snapshot.session_id,
    owner: snapshot.owner,
    subject: {
      scopes: snapshot.scopes === null ? null : compileScopes(snapshot.scopes.map(scopeFromWire)),
      roles: new Map(Object.entries(snapshot.roles)),
      accessLevel: snapshot.access_level
    },
    expiresAtMs: snapshot.expires_at === null ? null : Date.parse(snapshot.expires_at),
    allowedAddresses: snapshot.allowed_addresses.length === 0 ? null : networksOf(snapshot.allowed_addresses),
    identityHeaders: [
      IDENTITY_HEADERS.subject,
      snapshot.owner.id,
      IDENTITY_HEADERS.token,
      snapshot.token_id ?? '',
      IDENTITY_HEADERS.kind,
      snapshot.kind
    ]
  }
}

/** An entry that cannot be read allows nothing: the list only ever narrows. */
function networksOf(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [host = '', bits] = entry.split('/')
    const family = isIP(host)
    if (family === 0) continue
    const widest = family === 6 ? 128 : 32
    list.addSubnet(host, bits === undefined ? widest : Number(bits), family === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
