import { digestOf, hintOf, mintToken } from '@patgate/token-format'
import { signSession } from '../../src/authentication/session-jwt.ts'
import { AUDIENCE, COLLEAGUE, GROUP, IDS, PERSON, SCOPE, TOKEN } from '../../src/openapi/example-world.ts'
import { hashPassword } from '../../src/sessions/password.ts'
import type { TestService } from '../support/service.ts'

const CLIENT_SECRET = 'the secret of the example client'
const DAY_MS = 86_400_000

/** Puts the world of the examples in the place of whatever the database held; answers the credentials of its people. */
export async function openExampleWorld({ app, deps: { database } }: TestService, passwordHash: string) {
  for (const table of ['tokens', 'service_clients', 'users', 'groups'] as const) {
    await database.deleteFrom(table).execute()
  }
  const now = new Date()
  const later = new Date(now.getTime() + DAY_MS)
  const people = [
    { id: IDS.person, kind: 'human', ...names(PERSON), admin: true, password_hash: passwordHash },
    { id: IDS.colleague, kind: 'human', ...names(COLLEAGUE), admin: false, password_hash: null },
    { id: IDS.bot, kind: 'bot', email: 'bot@bots.invalid', name: 'bot', admin: false, password_hash: null }
  ] as const
  await database
    .insertInto('groups')
    .values({ slug: GROUP, name: 'Crew', created_at: now, created_by: IDS.person })
    .execute()
  await database
    .insertInto('users')
    .values(
      people.map((person) => ({
        ...person,
        disabled_at: null,
        created_at: now,
        updated_at: now,
        created_by: IDS.person,
        home_group: person.kind === 'bot' ? GROUP : null
      }))
    )
    .execute()
  const roles = { [IDS.person]: 'owner', [IDS.colleague]: 'guest', [IDS.bot]: 'uploader' } as const
  await database
    .insertInto('memberships')
    .values(Object.entries(roles).map(([user_id, role]) => ({ group_slug: GROUP, user_id, role, since: now })))
    .execute()
  await insertToken(database, { id: IDS.token, secret: TOKEN, isRevoked: false, now, later })
  await insertToken(database, { id: IDS.revokedToken, secret: mintToken('pat'), isRevoked: true, now, later })
  await database
    .insertInto('scopes')
    .values({
      id: IDS.scope,
      token_id: IDS.token,
      group_slug: GROUP,
      entity_type: SCOPE.entity_type,
      entity_id: SCOPE.entity_id,
      operations: [...SCOPE.operations]
    })
    .execute()
  await database
    .insertInto('group_blocks')
    .values({ token_id: IDS.revokedToken, group_slug: GROUP, blocked_at: now, blocked_by: IDS.person })
    .execute()
  await database
    .insertInto('sessions')
    .values(
      [IDS.session, IDS.otherSession].map((id) => ({
        id,
        user_id: IDS.person,
        created_at: now,
        expires_at: later,
        address: null,
        user_agent: null,
        authenticated_at: now
      }))
    )
    .execute()
  await database
    .insertInto('service_clients')
    .values({
      id: IDS.serviceClient,
      name: 'billing',
      audiences: [AUDIENCE],
      secret_digest: digestOf(CLIENT_SECRET),
      created_at: now,
      created_by: IDS.person
    })
    .execute()
  await database
    .insertInto('service_client_groups')
    .values({ client_id: IDS.serviceClient, group_slug: GROUP })
    .execute()
  const seconds = Math.floor(now.getTime() / 1000)
  const session = signSession(app, { sub: IDS.person, jti: IDS.session, iat: seconds, exp: seconds + 86_400 })
  return {
    session: `Bearer ${session}`,
    token: `Bearer ${TOKEN}`,
    service_client: `Basic ${Buffer.from(`${IDS.serviceClient}:${CLIENT_SECRET}`).toString('base64')}`
  }
}

export const examplePasswordHash = (): Promise<string> => hashPassword(PERSON.password)

function names({ email, name }: { email: string; name: string }) {
  return { email, name }
}

interface ExampleToken {
  readonly id: string
  readonly secret: string
  readonly isRevoked: boolean
  readonly now: Date
  readonly later: Date
}

async function insertToken(
  database: TestService['deps']['database'],
  { id, secret, isRevoked, now, later }: ExampleToken
): Promise<void> {
  const revoked = isRevoked
    ? ({ revoked_at: now, revoked_by: IDS.person, revoked_reason: 'owner', revoked_rank: 0 } as const)
    : {}
  await database
    .insertInto('tokens')
    .values({
      id,
      owner_id: IDS.person,
      name: 'nightly build',
      description: '',
      access_level: null,
      created_at: now,
      created_by: IDS.person,
      updated_at: now,
      expires_at: later,
      self_rotate: true,
      allowed_addresses: [],
      rate_limit_requests: null,
      rate_limit_per_seconds: null,
      ...revoked
    })
    .execute()
  const row = { digest: digestOf(secret), token_id: id, hint: hintOf(secret, 'pat'), issued_at: now }
  await database.insertInto('secrets').values(row).execute()
}
