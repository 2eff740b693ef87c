import { type AuditEventCalls, auditEventCalls } from './calls/audit-events.ts'
import { type AuditLogCalls, auditLogCalls } from './calls/audit-log.ts'
import { type BotCalls, botCalls } from './calls/bots.ts'
import { type ChannelCalls, channelCalls } from './calls/channels.ts'
import { type EntityTypeCalls, entityTypeCalls } from './calls/entity-types.ts'
import { type GatewayCalls, gatewayCalls } from './calls/gateways.ts'
import { type GroupCalls, groupCalls } from './calls/groups.ts'
import { type MemberCalls, memberCalls } from './calls/members.ts'
import { type PolicyCalls, policyCalls } from './calls/policy.ts'
import { type ServiceClientCalls, serviceClientCalls } from './calls/service-clients.ts'
import { type SessionCalls, sessionCalls } from './calls/sessions.ts'
import { type TokenScopeCalls, tokenScopeCalls } from './calls/token-scopes.ts'
import { type TokenUseCalls, tokenUseCalls } from './calls/token-uses.ts'
import { type TokenCalls, tokenCalls } from './calls/tokens.ts'
import { type UserCalls, userCalls } from './calls/users.ts'
import { type WebhookCalls, webhookCalls } from './calls/webhooks.ts'
import { type ClientOptions, createOpen, createSend } from './http.ts'

/** The HTTP API (api.md), grouped by noun. Every call may throw `ApiError`. */
export interface Client {
  readonly sessions: SessionCalls
  readonly tokens: TokenCalls
  readonly tokenScopes: TokenScopeCalls
  readonly tokenUses: TokenUseCalls
  readonly groups: GroupCalls
  readonly members: MemberCalls
  readonly bots: BotCalls
  readonly users: UserCalls
  readonly policy: PolicyCalls
  readonly serviceClients: ServiceClientCalls
  readonly auditEvents: AuditEventCalls
  readonly auditLog: AuditLogCalls
  readonly webhooks: WebhookCalls
  readonly channels: ChannelCalls
  readonly gateways: GatewayCalls
  readonly entityTypes: EntityTypeCalls
}

/** Makes a client for one address and one credential; to act as somebody else, make another. */
export function createClient(options: ClientOptions): Client {
  const open = createOpen(options)
  const send = createSend(open)
  return {
    sessions: sessionCalls(send),
    tokens: tokenCalls(send),
    tokenScopes: tokenScopeCalls(send),
    tokenUses: tokenUseCalls(send),
    groups: groupCalls(send),
    members: memberCalls(send),
    bots: botCalls(send),
    users: userCalls(send),
    policy: policyCalls(send),
    serviceClients: serviceClientCalls(send),
    auditEvents: auditEventCalls(send),
    auditLog: auditLogCalls({ send, open, options }),
    webhooks: webhookCalls(send),
    channels: channelCalls(open, options),
    gateways: gatewayCalls(send),
    entityTypes: entityTypeCalls(send)
  }
}
