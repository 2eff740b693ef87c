import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type AssertionKey,
  type ChangeRow,
  INTERNAL_KEY_HEADER,
  LEASE_MS,
  type RenewedLease,
  type RenewLeaseBody,
  type ResolveAnswer,
  type Snapshot
} from '@patgate/contracts'
import type { Teardown } from '@patgate/test-kit'
import { digestOf, mintToken } from '@patgate/token-format'

export const INTERNAL_KEY = 'a service credential of more than 32 bytes'
export const ALICE = {
  id: '0198c0de-0000-7000-8000-00000000a11c',
  email: 'alice@example.org',
  name: 'Alice'
} as const
const SESSION_ID = '0198c0de-0000-7000-8000-000000000055'
const BEFORE_ALL_CHANGES = '0198c0de-0000-7000-8000-000000000099'
export const TOKEN_ID = '0198c0de-0000-7000-8000-000000000001'

type Behaviour = 'ok' | 'garbage' | 'silent' | 'endless' | number

/**
 * A small HTTP server that speaks the contracts of resolving and of leases: what the token service would know is what a
 * test tells it. What it is told to refuse enters its change log, so that gateways learn of it by their next renewal.
 */
export interface TokenServiceDouble {
  readonly url: string
  /** Bodies of all questions, oldest first. */
  readonly questions: readonly unknown[]
  /** Mints a token that it knows; scopes and roles allow everything on dashboards of the group `demo` unless said. */
  issue(changes?: Partial<Snapshot>): string
  /** Makes a session that it knows, shaped like a real one. */
  openSession(changes?: Partial<Snapshot>): string
  refuse(secret: string, refusal: 'revoked' | 'expired' | 'unknown'): void
  /** The same where no change tells of it, because time alone has ended the token. */
  refuseByTime(secret: string, refusal: 'revoked' | 'expired'): void
  /** What it knows of a credential is otherwise from now on: other scopes, other roles, an earlier end. */
  alter(secret: string, changes: Partial<Snapshot>): void
  /** A token it refused is one it knows from now on. */
  accept(secret: string): void
  /** What it lends to gateways from now on; null where it has no signing keys. */
  lend(key: AssertionKey | null): void
  /** How often it has not answered as it should. */
  readonly failures: number
  /** How much it has sent of answers without an end to questions about credentials. */
  readonly endlessBytes: number
  /** How the next questions are answered: `ok`, a status, never, or without an end. */
  behave(how: Behaviour): void
  /** Answers no question about a credential before this has settled. */
  hold(until: Promise<void>): void
  stop(): Promise<void>
}

export async function tokenServiceDouble(t: Teardown): Promise<TokenServiceDouble> {
  const answers = new Map<string, ResolveAnswer>()
  const questions: unknown[] = []
  let behaviour: Behaviour = 'ok'
  let held = Promise.resolve()
  let assertionKey: AssertionKey | null = assertionKeyOf()
  let sessions = 0
  let failures = 0
  let endlessBytes = 0

  const changes: ChangeRow[] = []
  const headSeq = (): number => changes.length
  const headId = (): string => changes.at(-1)?.change_id ?? BEFORE_ALL_CHANGES
  const renewed = (asked: RenewLeaseBody): RenewedLease => {
    const known = asked.applied_seq === 0 ? BEFORE_ALL_CHANGES : changes[asked.applied_seq - 1]?.change_id
    return {
      lease_ms: LEASE_MS,
      now: new Date().toISOString(),
      head_seq: headSeq(),
      head_id: headId(),
      changes: known === asked.applied_id ? changes.slice(asked.applied_seq) : 'reset'
    }
  }

  const server = createServer(async (request, response) => {
    if (request.url === ASSERTION_KEY_PATH) return answerKey(response, behaviour, assertionKey)
    if (request.method === 'DELETE') return void response.writeHead(204).end()
    const text = await textOf(request)
    const isRenewal = request.url?.startsWith('/internal/v1/leases/') === true
    const question = JSON.parse(text) as { digest?: string; session?: string; token_id?: string }
    if (!isRenewal) {
      questions.push(question)
      await held
    }
    if (behaviour !== 'ok') {
      failures++
      return misbehave(response, behaviour, (bytes) => {
        if (!isRenewal) endlessBytes += bytes
      })
    }
    if (request.headers[INTERNAL_KEY_HEADER] !== INTERNAL_KEY) return void response.writeHead(401).end()
    response.setHeader('content-type', 'application/json')
    if (isRenewal) return void response.end(JSON.stringify(renewed(JSON.parse(text))))
    const unknown: ResolveAnswer = { as_of: headSeq(), valid: false, refusal: 'unknown', identity: null }
    const answer = answers.get(question.digest ?? question.session ?? '') ?? byId(question.token_id) ?? unknown
    response.end(JSON.stringify({ ...answer, as_of: headSeq() }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async (): Promise<void> => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  t.teardown(stop)

  const byId = (tokenId: string | undefined): ResolveAnswer | undefined =>
    [...answers.values()].findLast((answer) => answer.valid && answer.snapshot.token_id === tokenId)
  const keyOf = (secret: string): string => (secret.startsWith('eyJ') ? secret : digestOf(secret).toString('hex'))
  const learn = (secret: string, snapshot: Snapshot): string => {
    answers.set(keyOf(secret), { as_of: 1, valid: true, snapshot })
    return secret
  }

  const deny = (secret: string, refusal: 'revoked' | 'expired' | 'unknown'): void => {
    const known = { token_id: TOKEN_ID, owner_id: ALICE.id, owner_name: ALICE.name }
    const identity = refusal === 'unknown' ? null : known
    answers.set(keyOf(secret), { as_of: 2, valid: false, refusal, identity })
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    questions,
    get failures() {
      return failures
    },
    get endlessBytes() {
      return endlessBytes
    },
    issue: (changes = {}) => learn(mintToken('pat'), { ...snapshotOfToken(), ...changes }),
    openSession: (changes = {}) => {
      const header = { alg: 'EdDSA', typ: 'patgate-session+jwt' }
      const parts = [header, { sid: ++sessions }, { signature: 'of enough length' }].map((part) =>
        Buffer.from(JSON.stringify(part)).toString('base64url')
      )
      return learn(parts.join('.'), { ...snapshotOfSession(), ...changes })
    },
    refuseByTime: deny,
    refuse: (secret, refusal) => {
      deny(secret, refusal)
      const selector = secret.startsWith('eyJ') ? { session_id: SESSION_ID } : { digests: [keyOf(secret)] }
      changes.push({ seq: headSeq() + 1, change_id: randomUUID(), selector })
    },
    alter: (secret, altered) => {
      learn(secret, { ...snapshotOfToken(), ...altered })
      changes.push({ seq: headSeq() + 1, change_id: randomUUID(), selector: { digests: [keyOf(secret)] } })
    },
    accept: (secret) => {
      learn(secret, snapshotOfToken())
      changes.push({ seq: headSeq() + 1, change_id: randomUUID(), selector: { digests: [keyOf(secret)] } })
    },
    lend: (key) => {
      assertionKey = key
    },
    behave: (how) => {
      behaviour = how
    },
    hold: (until) => {
      held = until
    },
    stop
  }
}

function snapshotOfToken(): Snapshot {
  return {
    kind: 'human',
    token_id: TOKEN_ID,
    session_id: null,
    owner: ALICE,
    admin: false,
    expires_at: null,
    issued_at: '2026-01-01T00:00:00Z',
    scopes: [scope('dashboard', ['create', 'read', 'list', 'update', 'delete'])],
    access_level: null,
    roles: { demo: 'owner' },
    allowed_addresses: [],
    rate_limit: null
  }
}

function snapshotOfSession(): Snapshot {
  return { ...snapshotOfToken(), kind: 'session', token_id: null, session_id: SESSION_ID, scopes: null }
}

type ScopeRow = NonNullable<Snapshot['scopes']>[number]

export function scope(entityType: string, operations: ScopeRow['operations'], rest: Partial<ScopeRow> = {}): ScopeRow {
  const id = '0198c0de-0000-7000-8000-00000000005c'
  return { id, group: 'demo', entity_type: entityType, entity_id: '*', operations, ...rest }
}

const ASSERTION_KEY_PATH = '/internal/v1/assertion-key'

/** A new key, as the token service would make one. */
export function assertionKeyOf(kid = 'first'): AssertionKey {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const key = { kty: 'OKP', crv: 'Ed25519', x, d, kid, alg: 'EdDSA' } as const
  return { issuer: 'https://gate.example.org', key, refresh_after_s: 1 }
}

function answerKey(response: ServerResponse, behaviour: Behaviour, key: AssertionKey | null): void {
  if (behaviour !== 'ok') misbehave(response, behaviour)
  else if (key === null) response.writeHead(501).end()
  else response.setHeader('content-type', 'application/json').end(JSON.stringify(key))
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

function misbehave(
  response: ServerResponse,
  how: Exclude<Behaviour, 'ok'>,
  onSent: (bytes: number) => void = () => undefined
): void {
  if (how === 'silent') return
  if (how === 'endless') answerForEver(response, onSent)
  else if (how === 'garbage') response.end('{"valid":true}')
  else response.writeHead(how).end()
}

/** Valid JSON as far as it goes, as fast as it is read. */
function answerForEver(response: ServerResponse, onSent: (bytes: number) => void): void {
  const piece = ' '.repeat(64 * 1024)
  const send = (): void => {
    do onSent(piece.length)
    while (!response.destroyed && response.write(piece))
  }
  response.writeHead(200, { 'content-type': 'application/json' }).on('drain', send)
  send()
}
