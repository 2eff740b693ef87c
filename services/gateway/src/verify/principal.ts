import { BlockList, isIP } from 'node:net'
import { type RateLimit, type Snapshot, scopeFromWire } from '@patgate/contracts'
import { compileScopes, type Role, type ScopeSet, type Subject } from '@patgate/domain'
import { intern } from './interned.ts'

/** A snapshot, compiled once into what every decision about it needs. Equal parts are shared between principals. */
export interface Principal {
  readonly kind: Snapshot['kind']
  readonly tokenId: string | null
  /** Which secret of the token it is: when that one was issued. */
  readonly issuedAtMs: number
  readonly sessionId: string | null
  readonly owner: Snapshot['owner']
  readonly subject: Subject
  /** Every group by which a change may touch this principal. */
  readonly groups: readonly string[]
  /** Compared with the clock at every decision; null never ends. */
  readonly expiresAtMs: number | null
  /** Where the token may be used from; null for everywhere. */
  readonly allowedAddresses: BlockList | null
  readonly rateLimit: RateLimit | null
}

/** What is common to all tokens of one owner with the same rights. */
interface Rights {
  readonly subject: Subject
  readonly groups: readonly string[]
}

export type PrincipalCompiler = (snapshot: Snapshot) => Principal

/** One compiler per process, because what it shares is its own. */
export function createPrincipalCompiler(): PrincipalCompiler {
  const scopeSets = intern<ScopeSet>()
  const rolesOf = intern<ReadonlyMap<string, Role>>()
  const owners = intern<Snapshot['owner']>()
  const rights = intern<Rights>()
  const addresses = intern<BlockList>()

  function rightsOf({ scopes, roles, access_level }: Snapshot): Rights {
    // A scope's id is of no use to a decision, and would make every set a set of its own.
    const bare = scopes?.map((scope) => scopeFromWire(scope)) ?? null
    const scopeText = JSON.stringify(bare)
    const roleText = JSON.stringify(roles)
    return rights.for(`${access_level}\n${roleText}\n${scopeText}`, () => ({
      subject: {
        scopes: bare === null ? null : scopeSets.for(scopeText, () => compileScopes(bare)),
        roles: rolesOf.for(roleText, () => new Map(Object.entries(roles))),
        accessLevel: access_level
      },
      groups: [...new Set([...Object.keys(roles), ...(bare ?? []).map((scope) => scope.group)])].filter(isNamed)
    }))
  }

  return (snapshot) => {
    const { owner, allowed_addresses: allowed } = snapshot
    return {
      kind: snapshot.kind,
      tokenId: snapshot.token_id,
      issuedAtMs: Date.parse(snapshot.issued_at),
      sessionId: snapshot.session_id,
      owner: owners.for(JSON.stringify(owner), () => owner),
      ...rightsOf(snapshot),
      expiresAtMs: snapshot.expires_at === null ? null : Date.parse(snapshot.expires_at),
      allowedAddresses: allowed.length === 0 ? null : addresses.for(allowed.join(), () => networksOf(allowed)),
      rateLimit: snapshot.rate_limit
    }
  }
}

function isNamed(group: string): boolean {
  return group !== '*'
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
