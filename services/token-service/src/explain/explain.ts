import type { ExplainBody, Explanation, Required, Snapshot } from '@patgate/contracts'
import { ANY, type Ask, decide, matchingScope, type RoleLadder, type RouteRules } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { SessionPrincipal, TokenPrincipal } from '../authentication/principal.ts'
import type { CredentialDeps } from '../resolve/resolve-credential.ts'
import { readTokenAnswer } from '../resolve/resolve-token.ts'
import { isCappedIn, subjectIn } from '../resolve/subject-in.ts'
import type { EntityTypes } from '../tokens/granted-scopes.ts'
import { type ExplainedRoutes, questionIn } from './question.ts'
import { allowedBecause, refusedBecause, wouldBeDenied } from './reasons.ts'
import { tokenInQuestion } from './token-in-question.ts'

export interface ExplainDeps extends Omit<CredentialDeps, 'reuseWatch'> {
  readonly entityTypes: EntityTypes
  readonly ladder: RoleLadder
}

type Asker = SessionPrincipal | TokenPrincipal

const NOTHING = { required: null, matched_scope: null, owner_role: null, would_need: null } as const

/**
 * What the gateway would decide now, by the same matching and the same `decide`, and why. Never does anything: no use is
 * noted, no event recorded, and a retired secret raises no alarm.
 */
export async function explain(
  deps: ExplainDeps,
  { body, asker, routes }: { readonly body: ExplainBody; readonly asker: Asker; readonly routes: ExplainedRoutes }
): Promise<Explanation> {
  const { digest, groups } = await tokenInQuestion(deps, body, asker)
  const question = questionIn(body, routes, deps.entityTypes)
  if (question.kind === 'public') {
    return { ...NOTHING, allowed: true, code: null, reason: 'The route is public: nobody is asked for a token' }
  }
  if (question.kind === 'refused') {
    return { ...NOTHING, allowed: false, code: question.code, reason: question.reason }
  }
  const { ask, rules } = question
  // Maintainers may ask about their groups; a route without an owner check is about all of them.
  if (groups !== null && (rules.ownerCheck === 'none' || !groups.includes(ask.group))) throw new Fault('not_found')
  const answer = await readTokenAnswer(deps, digest)
  if (answer.valid) {
    const snapshot = groups === null ? answer.snapshot : onlyIn(ask.group, answer.snapshot)
    return decided(snapshot, { ask, rules, ladder: deps.ladder, nowMs: deps.clock.now() })
  }
  const reason = refusedBecause(answer.refusal)
  return { ...NOTHING, allowed: false, code: 'invalid_token', reason, required: requiredOf(ask) }
}

/** What a group's maintainers may know of a token: that a scope reaches other groups too is not theirs to know. */
function onlyIn(group: string, snapshot: Snapshot): Snapshot {
  const scopes = (snapshot.scopes ?? []).filter((scope) => scope.group === group || scope.group === ANY)
  return { ...snapshot, scopes: scopes.map((scope) => ({ ...scope, group })), allowed_addresses: [] }
}

interface Decidable {
  readonly ask: Ask
  readonly rules: RouteRules
  readonly ladder: RoleLadder
  readonly nowMs: number
}

function decided(snapshot: Snapshot, { ask, rules, ladder, nowMs }: Decidable): Explanation {
  const subject = subjectIn(snapshot)
  const decision = decide(subject, ask, ladder, rules)
  const required = decision.allowed ? ask : decision.required
  const matched = subject.scopes === null ? null : matchingScope(subject.scopes, required)
  const common = {
    required: requiredOf(required),
    matched_scope: scopeIn(snapshot, matched),
    owner_role: decision.role,
    would_need: null
  }
  if (isCappedIn(snapshot, ask.group, nowMs)) {
    const reason = `The group ${ask.group} allows shorter lifetimes than this token's`
    return { ...common, allowed: false, code: 'policy_violation', reason }
  }
  if (decision.allowed) return { ...common, allowed: true, code: null, reason: allowedBecause(snapshot, decision) }
  const { code } = decision
  const reason = wouldBeDenied(decision, ladder)
  return {
    ...common,
    allowed: false,
    code,
    reason,
    would_need: code === 'insufficient_scope' ? scopeFor(required) : null
  }
}

function requiredOf({ group, entityType, entityId, operation }: Ask): Required {
  return { group: group === ANY ? null : group, entity_type: entityType, entity_id: entityId, operation }
}

/** The narrowest scope that would cover what is asked. */
function scopeFor({ group, entityType, entityId, operation }: Ask): NonNullable<Explanation['would_need']> {
  return { group, entity_type: entityType, entity_id: entityId, operations: [operation] }
}

function scopeIn({ scopes }: Snapshot, matched: Ask | null): Explanation['matched_scope'] {
  const found = scopes?.find(
    ({ group, entity_type, entity_id }) =>
      group === matched?.group && entity_type === matched.entityType && entity_id === matched.entityId
  )
  return found ?? null
}
