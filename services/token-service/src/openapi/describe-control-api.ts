import {
  BotBody,
  CreateTokenBody,
  ExplainBody,
  Explanation,
  GroupBody,
  GroupPolicy,
  GroupTokenBody,
  MemberBody,
  PatchGroupPolicy,
  Policy,
  Propagation,
  RateLimit,
  Required,
  RevokedToken,
  ScopeBody,
  ScopeInput,
  ServiceClientBody,
  ServiceClientWithSecret,
  SessionBody,
  SessionUser,
  TokenBody,
  TokenWithSecret,
  UserBody
} from '@patgate/contracts'
import { type App, describeApi } from '@patgate/service-kit'
import { administrationOperations } from './operations/administration.ts'
import { decisionOperations } from './operations/decisions.ts'
import { groupOperations } from './operations/groups.ts'
import { sessionOperations } from './operations/sessions.ts'
import { tokenLifeOperations } from './operations/token-life.ts'
import { tokenOperations } from './operations/tokens.ts'

/** Every call of this service in words; the schemas of its routes say the rest. */
export const OPERATIONS = {
  ...sessionOperations,
  ...tokenOperations,
  ...tokenLifeOperations,
  ...groupOperations,
  ...administrationOperations,
  ...decisionOperations
}

const SCHEMAS = {
  Bot: BotBody,
  CreateToken: CreateTokenBody,
  ExplainQuestion: ExplainBody,
  Explanation,
  Group: GroupBody,
  GroupPolicy,
  GroupToken: GroupTokenBody,
  Member: MemberBody,
  PatchGroupPolicy,
  Policy,
  Propagation,
  RateLimit,
  Required,
  RevokedToken,
  Scope: ScopeBody,
  ScopeInput,
  ServiceClient: ServiceClientBody,
  ServiceClientWithSecret,
  Session: SessionBody,
  SessionUser,
  Token: TokenBody,
  TokenWithSecret,
  User: UserBody
}

const DESCRIPTION = `People, groups, tokens and decisions. Times are RFC 3339 in UTC, ids are UUIDs, durations are a number and one of
\`s m h d w y\`. Lists answer \`{ items, next_cursor }\`. Errors are problems (RFC 9457) with a \`code\` of a closed list; unknown fields are
errors. A call that changes something answers when the change is in force on every gateway, unless it says \`?wait=false\`.`

/** To be called before any route is declared. */
export function describeControlApi(app: App): Promise<void> {
  const title = 'patgate: the control API'
  return describeApi(app, { title, description: DESCRIPTION, version: '1', operations: OPERATIONS, schemas: SCHEMAS })
}
