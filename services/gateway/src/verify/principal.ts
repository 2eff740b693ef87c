import { BlockList, isIP } from 'node:net'
import { type RateLimit, type Snapshot, scopeFromWire } from '@patgate/contracts'
import { compileScopes, type Role, type ScopeSet, type Subject } from '@patgate/domain'
import { intern } from './interned.ts'

/** What all tokens have in common that one owner gave the same rights: kept once for all of them. */
interface Standing {
  readonly kind: Snapshot['kind']
  readonly owner: Snapshot['owner']
  readonly subject: Subject
  readonly groups: readonly string[]
  readonly allowedAddresses: BlockList | null
  readonly rateLimit: RateLimit | null
}

/**
 * A snapshot, compiled once into what every decision about it needs. There may be a million of them in memory, so each
 * holds only what is its own, and a reference to the rest.
 */
export class Principal {
  readonly tokenId: string | null
  readonly sessionId: string | null
  /** Which secret of the token it is: when that one was issued. */
  readonly issuedAtMs: number
  /** Compared with the clock at every decision; null never ends. */
  readonly expiresAtMs: number | null
  /** From when on a group's policy finds this secret too old, by slug; null where none does, which is nearly always. */
  readonly #groupCaps: Readonly<Record<string, string>> | null
  readonly #standing: Standing

  constructor(snapshot: Snapshot, standing: Standing) {
    this.tokenId = snapshot.token_id
    this.sessionId = snapshot.session_id
    this.issuedAtMs = Date.parse(snapshot.issued_at)
    this.expiresAtMs = snapshot.expires_at === null ? null : Date.parse(snapshot.expires_at)
    this.#groupCaps = snapshot.group_caps ?? null
    this.#standing = standing
  }

  /** From when on the group's policy finds this secret too old (api.md, "policy"); infinite where it never does. */
  cappedFromMs(group: string): number {
    const cappedFrom = this.#groupCaps?.[group]
    return cappedFrom === undefined ? Number.POSITIVE_INFINITY : Date.parse(cappedFrom)
  }

  get kind(): Snapshot['kind'] {
    return this.#standing.kind
  }

  get owner(): Snapshot['owner'] {
    return this.#standing.owner
  }

  get subject(): Subject {
    return this.#standing.subject
  }

  /** Every group by which a change may touch this principal. */
  get groups(): readonly string[] {
    return this.#standing.groups
  }

  /** Where the token may be used from; null for everywhere. */
  get allowedAddresses(): BlockList | null {
    return this.#standing.allowedAddresses
  }

  get rateLimit(): RateLimit | null {
    return this.#standing.rateLimit
  }
}

export type PrincipalCompiler = (snapshot: Snapshot) => Principal

/** One compiler per process, because what it shares is its own. */
export function createPrincipalCompiler(): PrincipalCompiler {
  const scopeSets = intern<ScopeSet>()
  const rolesOf = intern<ReadonlyMap<string, Role>>()
  const owners = intern<Snapshot['owner']>()
  const standings = intern<Standing>()

  return (snapshot) => {
    const { kind, owner, scopes, roles, access_level, allowed_addresses, rate_limit } = snapshot
    // A scope's id is of no use to a decision, and would make every set a set of its own.
    const bare = scopes?.map((scope) => scopeFromWire(scope)) ?? null
    const [ownerText, roleText, scopeText] = [JSON.stringify(owner), JSON.stringify(roles), JSON.stringify(bare)]
    const text = [kind, ownerText, access_level, roleText, scopeText, allowed_addresses, JSON.stringify(rate_limit)]
    const standing = standings.for(text.join('\n'), () => ({
      kind,
      owner: owners.for(ownerText, () => owner),
      subject: {
        scopes: bare === null ? null : scopeSets.for(scopeText, () => compileScopes(bare)),
        roles: rolesOf.for(roleText, () => new Map(Object.entries(roles))),
        accessLevel: access_level
      },
      groups: [...new Set([...Object.keys(roles), ...(bare ?? []).map((scope) => scope.group)])].filter(isNamed),
      allowedAddresses: allowed_addresses.length === 0 ? null : networksOf(allowed_addresses),
      rateLimit: rate_limit
    }))
    return new Principal(snapshot, standing)
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
