export {
  ANY_REST,
  ANY_SEGMENT,
  CHANNEL_ENTITY_TYPE,
  CHANNEL_NAME_PATTERN,
  type ChannelAddress,
  type ChannelFilter,
  filterBelow,
  formatSubject,
  formatTopic,
  isChannelName,
  matchesFilter,
  parseSubject,
  parseSubjectFilter,
  parseTopic,
  parseTopicFilter,
  subjectsMatching
} from './channel-address.ts'
export { type Decision, type DenialCode, decide, effectiveRole, type RouteRules, type Subject } from './decide.ts'
export { DURATION_PATTERN, parseDuration } from './duration.ts'
export { codeOf, ERROR_CATALOGUE, type ErrorCode, type ErrorName } from './error-codes.ts'
export {
  ALL_OPERATIONS,
  bitOf,
  bitsOf,
  isOperation,
  NO_OPERATIONS,
  OPERATION_MEANINGS,
  OPERATIONS,
  type Operation,
  type OperationBits,
  operationsOf
} from './operations.ts'
export {
  compileLadder,
  DEFAULT_ROLE_ADDITIONS,
  isRole,
  lowerRole,
  ROLE_LEVELS,
  ROLES,
  type Role,
  type RoleLadder,
  ranksAtLeast
} from './roles.ts'
export {
  ANY,
  type Ask,
  ENTITY_ID_PATTERN,
  ENTITY_TYPE_PATTERN,
  formatAsk,
  formatScopes,
  GROUP_SLUG_PATTERN,
  isEntityId,
  isGroupSlug,
  parseAsk,
  type Scope
} from './scope.ts'
export {
  compileScopes,
  covers,
  EMPTY_SCOPE_SET,
  isWithin,
  matchingScope,
  type ScopeSet,
  scopesOf
} from './scope-set.ts'
export {
  EXPIRING_WITHIN_MS,
  isExpired,
  isExpiring,
  statusOf,
  type TokenLifetime,
  type TokenStatus
} from './token-status.ts'
