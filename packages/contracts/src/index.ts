export {
  AuditStats,
  EventFilters,
  EventPage,
  ListEventsQuery,
  STATS_DIMENSIONS,
  type StatsDimension,
  StatsQuery
} from './audit.ts'
export { ExportHeader, ExportLine, ExportQuery, ExportTicket } from './audit-exports.ts'
export {
  AuditKeyBody,
  AuditKeysBody,
  CheckpointBody,
  CheckpointPage,
  ConsistencyBody,
  ConsistencyQuery,
  EventProof
} from './audit-log.ts'
export { BotBody, BotPage, BotParams, CreateBotBody, PatchBotBody } from './bots.ts'
export {
  ChangeAck,
  ChangeMessage,
  ChangeRow,
  ChangeSelector,
  HolderParams,
  LEASE_MS,
  RenewedLease,
  RenewLeaseBody
} from './changes.ts'
export {
  ChannelEnvelope,
  ChannelHealth,
  MESSAGE_HEADERS,
  MOST_PAYLOAD_BYTES,
  PublishedMessage
} from './channels.ts'
export {
  EXPLAINED_METHODS,
  SINGLE_SIGN_ON_FAILURES,
  type SingleSignOnFailure,
  TOKEN_LIST_STATUSES,
  WEBHOOK_KINDS
} from './choices.ts'
export {
  ACCESS_TOKEN_TYPE,
  ExchangedToken,
  ExplainBody,
  Explanation,
  IntrospectForm,
  Introspection,
  JWT_TYPE,
  TOKEN_EXCHANGE_GRANT,
  TokenExchangeForm
} from './decisions.ts'
export { EntityTypeBody } from './entity-types.ts'
export { EVENT_FAMILIES, EVENT_TYPES } from './event-types.ts'
export { Actor, AuditEvent, EventBatch, EventRequest, EventType, Outcome, Target } from './events.ts'
export { GatewayBody, GatewayPage } from './gateways.ts'
export {
  CreateGroupBody,
  GroupBody,
  GroupPage,
  MemberBody,
  MemberPage,
  MemberParams,
  PatchGroupBody,
  PutMemberBody
} from './groups.ts'
export {
  CLIENT_ADDRESS_HEADER,
  CONSOLE_ORIGIN_HEADER,
  IDEMPOTENCY_KEY_HEADER,
  IDEMPOTENT_REPLAYED_HEADER,
  IDENTITY_HEADERS,
  INTERNAL_KEY_HEADER,
  isReservedHeader,
  PROBLEM_CONTENT_TYPE,
  REQUEST_ID_HEADER,
  RESERVED_HEADER_PREFIXES,
  RESERVED_HEADERS,
  SESSION_HEADER
} from './headers.ts'
export { Digest, Refusal, RefusedIdentity, ResolveAnswer, ResolveBody, Snapshot } from './internal.ts'
export { EffectivePolicyQuery, GroupPolicy, ON_REUSE, PatchGroupPolicy, PatchPolicyBody, Policy } from './policy.ts'
export {
  closed,
  Duration,
  Email,
  Id,
  IdParams,
  Name,
  nullable,
  OperationName,
  PageQuery,
  Password,
  page,
  RoleName,
  Slug,
  SlugParams,
  Timestamp
} from './primitives.ts'
export { Problem, Required } from './problem.ts'
export {
  CommittedAnnouncement,
  GAP_REASONS,
  MISSING_REASONS,
  MissingEventsDetails,
  PositionQuestion,
  ProducerGapDetails,
  ProducerHeartbeat,
  ProducerStartedDetails,
  ProducerStoppedDetails
} from './producers.ts'
export { JOBS, QUEUES } from './queues.ts'
export {
  CreateServiceClientBody,
  ServiceClientBody,
  ServiceClientPage,
  ServiceClientWithSecret
} from './service-clients.ts'
export {
  CreatedSession,
  CreateSessionBody,
  CurrentSession,
  DeriveSessionBody,
  SESSION_KINDS,
  SessionBody,
  SessionPage,
  SessionUser,
  SignInBody
} from './sessions.ts'
export { AssertionKey, JWT_TYPES, JwkSet, PublicJwk } from './signing-keys.ts'
export { AUDIT_STREAM, CHANNEL_STREAM, INTAKE_STREAM, SUBJECTS, USAGE_STREAM } from './subjects.ts'
export {
  AddScopesBody,
  DeletedTokens,
  DeleteTokensQuery,
  GroupTokenBody,
  GroupTokenPage,
  GroupTokenParams,
  LeakReportAccepted,
  MAX_LEAKED_TOKENS,
  NarrowTokenBody,
  PatchTokenBody,
  RegenerateTokenBody,
  RevokeLeakedBody,
  RotateTokenBody,
  ScopeList,
  ScopeParams
} from './token-calls.ts'
export {
  CreateTokenBody,
  ListTokensQuery,
  MAX_SCOPES_PER_TOKEN,
  Owner,
  Propagation,
  RateLimit,
  REVOKED_REASONS,
  RevokedReason,
  RevokedToken,
  ScopeBody,
  ScopeInput,
  scopeFromWire,
  TokenBody,
  TokenPage,
  TokenWithSecret
} from './tokens.ts'
export {
  MAX_USAGE_DAYS,
  TokenExposure,
  TokenUsage,
  UsageQuery,
  UsageReport,
  UsedBody
} from './usage.ts'
export { CreateUserBody, PatchUserBody, PutPasswordBody, UserBody, UserPage, UserWithPassword } from './users.ts'
export { WEB_SOCKET_PROTOCOLS } from './web-sockets.ts'
export {
  CreateWebhookBody,
  DeadLetterBody,
  DeadLetterPage,
  DeadLetterParams,
  PatchWebhookBody,
  WebhookBody,
  WebhookFilter,
  WebhookKind,
  WebhookPage,
  WebhookWithSecret
} from './webhooks.ts'
