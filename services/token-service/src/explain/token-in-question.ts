import type { ExplainBody } from '@patgate/contracts'
import { Fault, invalidField } from '@patgate/service-kit'
import { digestOf, isWellFormedToken } from '@patgate/token-format'
import type { SessionPrincipal, TokenPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { accessTo } from '../tokens/token-authority.ts'

export interface TokenInQuestion {
  readonly digest: Buffer
  /** The groups that the asker may ask about; null for all. */
  readonly groups: readonly string[] | null
}

/** No token has it. Of a secret that nobody has, it is looked for all the same: the time tells nothing. */
const NO_ID = '00000000-0000-0000-0000-000000000000'

/** The token somebody asks about: its owner, a maintainer of its groups, or itself; 404 for everybody else. */
export async function tokenInQuestion(
  { database, tokenPrefix }: { readonly database: Database; readonly tokenPrefix: string },
  { token, token_id: tokenId }: ExplainBody,
  asker: SessionPrincipal | TokenPrincipal
): Promise<TokenInQuestion> {
  if (token !== undefined && tokenId !== undefined) throw invalidField('/token', 'and token_id: give one of them')
  if (token !== undefined) {
    if (!isWellFormedToken(token, tokenPrefix)) throw new Fault('not_found')
    const digest = digestOf(token)
    return { digest, groups: await groupsOpenTo(database, (await idOf(database, digest)) ?? NO_ID, asker) }
  }
  const id = tokenId ?? (asker.kind === 'token' ? asker.tokenId : undefined)
  if (id === undefined) throw invalidField('/token_id', 'is required, or token')
  const groups = await groupsOpenTo(database, id, asker)
  return { digest: await currentDigest(database, id), groups }
}

async function groupsOpenTo(
  database: Database,
  tokenId: string,
  asker: SessionPrincipal | TokenPrincipal
): Promise<readonly string[] | null> {
  if (asker.kind === 'token') {
    if (asker.tokenId === tokenId) return null
    throw new Fault('not_found')
  }
  // Being an administrator is no standing here (api.md, "Decisions").
  const { standing } = await accessTo(database, tokenId, { ...asker, user: { ...asker.user, admin: false } })
  return standing.kind === 'watcher' ? standing.groups : null
}

async function idOf(database: Database, digest: Buffer): Promise<string | undefined> {
  const found = await database.selectFrom('secrets').select('token_id').where('digest', '=', digest).executeTakeFirst()
  return found?.token_id
}

async function currentDigest(database: Database, tokenId: string): Promise<Buffer> {
  const found = await database
    .selectFrom('secrets')
    .select('digest')
    .where('token_id', '=', tokenId)
    .where('retired_at', 'is', null)
    .executeTakeFirst()
  if (found === undefined) throw new Fault('not_found')
  return found.digest
}
