import type { ResolveAnswer } from '@patgate/contracts'
import type { RoleLadder } from '@patgate/domain'
import { digestOf, isWellFormedToken } from '@patgate/token-format'
import type { ConnectionRow } from '../database/channel-tables.ts'
import { keysOf } from '../resolve/redis-answers.ts'
import { readTokenAnswer } from '../resolve/resolve-token.ts'
import type { TokenAnswers } from '../resolve/token-answers.ts'
import type { ClientRequest } from './client-request.ts'
import { actorOf } from './connection-events.ts'
import { changesAfter, connectionsTouchedBy, type Registration } from './connections.ts'
import { type Admission, decideOnClient, type Refusal } from './decide-on-client.ts'
import { type EndDeps, endConnections } from './end-connections.ts'
import type { FailureLimit } from './failure-limit.ts'
import type { GroupCommit } from './group-commit.ts'
import { hasNoSession } from './mqtt-sessions.ts'
import { reviewConnection } from './review-connection.ts'

export interface AdmitDeps extends EndDeps {
  readonly tokenPrefix: string
  readonly tokenAnswers: TokenAnswers
  readonly ladder: () => RoleLadder
  readonly sessionMaxMs: number
  readonly failureLimit: FailureLimit
  readonly register: GroupCommit<Registration, boolean>
}

const LONGEST_CLIENT_ID = 256

/**
 * Decides whether a client may enter, as every other plane decides on a request, and writes its connection down before it
 * is answered. Rejects when it cannot be known: then the client is refused.
 */
export async function admitClient(deps: AdmitDeps, request: ClientRequest): Promise<Admission | Refusal> {
  const { password, address } = request
  if (password === null) return refuse('missing')
  if (!isWellFormedToken(password, deps.tokenPrefix)) return refuse('malformed')
  if (!isStorableClientId(request.mqttClientId)) return refuse('client_id')
  if (await deps.failureLimit.isExceeded(address)) return refuse('rate_limited')
  const digest = digestOf(password)
  const answer = await deps.tokenAnswers(digest.toString('hex'), 0)
  const decision = decide(deps, request, answer)
  if (!decision.admitted) {
    await deps.failureLimit.count(address)
    return decision
  }
  const row = rowOf(deps, request, digest, answer, decision)
  const isClientIdFree = row.mqtt_client_id !== null && (await hasNoSession(deps.bus, row.mqtt_client_id))
  if (deps.clock.now() >= request.answerBeforeMs) return refuse('too_late')
  if (!(await deps.register({ row, isClientIdFree }))) return { ...refuse('client_id'), identity: identityIn(decision) }
  return unlessOvertaken(deps, row, decision)
}

/** Whoever changed a right before the row was there did not find it, so it is for us to look at what they changed. */
async function unlessOvertaken(
  deps: AdmitDeps,
  row: ConnectionRow,
  admission: Admission
): Promise<Admission | Refusal> {
  const changes = await changesAfter(deps.database, row.as_of, MOST_CHANGES)
  const touched = await connectionsTouchedBy(deps.database, changes)
  if (changes.length < MOST_CHANGES && !touched.some((other) => isSame(other, row))) return admission
  const answer = await readTokenAnswer(deps, row.digest)
  const verdict = reviewConnection(row, answer, { ladder: deps.ladder(), nowMs: deps.clock.now() })
  if (verdict === 'unchanged') return admission
  await endConnections(deps, [{ ...row, reason: verdict, traffic: null }])
  return { ...refuse(verdict), identity: identityIn(admission) }
}

const MOST_CHANGES = 1_000

function decide({ ladder, sessionMaxMs, clock }: AdmitDeps, { address }: ClientRequest, answer: ResolveAnswer) {
  return decideOnClient(address, answer, { ladder: ladder(), sessionMaxMs, nowMs: clock.now() })
}

function rowOf(
  { clock }: AdmitDeps,
  request: ClientRequest,
  digest: Buffer,
  answer: ResolveAnswer,
  admission: Admission
): ConnectionRow {
  const { tokenId, snapshot, grant, endsAtMs, asOf } = admission
  return {
    server_id: request.serverId,
    cid: request.cid,
    token_id: tokenId,
    digest,
    owner_id: snapshot.owner.id,
    groups: [...keysOf(digest.toString('hex'), answer).groups],
    actor: actorOf(request, admission),
    protocol: request.protocol,
    mqtt_client_id: request.mqttClientId,
    publish: [...grant.publish],
    subscribe: [...grant.subscribe],
    as_of: asOf,
    admitted_at: new Date(clock.now()),
    ends_at: new Date(endsAtMs),
    ending: null,
    kicked_at: null,
    gone_at: null
  }
}

function isStorableClientId(mqttClientId: string | null): boolean {
  return mqttClientId === null || (mqttClientId.length <= LONGEST_CLIENT_ID && !/[\p{Cc}\p{Cs}]/u.test(mqttClientId))
}

function isSame(one: ConnectionRow, other: ConnectionRow): boolean {
  return one.server_id === other.server_id && one.cid === other.cid
}

function identityIn({ tokenId, snapshot }: Admission): Refusal['identity'] {
  return { token_id: tokenId, owner_id: snapshot.owner.id, owner_name: snapshot.owner.name }
}

function refuse(reason: string): Refusal {
  return { admitted: false, reason, identity: null }
}
