import type { OperationDocs } from '@patgate/service-kit'
import { GROUP, IDS } from '../example-world.ts'

const tag = 'Groups'
const params = { slug: GROUP }
const member = { ...params, user_id: IDS.colleague }
const bot = { ...params, id: IDS.bot }
const token = { ...params, id: IDS.token }

export const groupOperations: OperationDocs = {
  'POST /v1/groups': {
    tag,
    name: 'createGroup',
    summary: 'Creates a group; whoever does owns it',
    body: { slug: 'harbour', name: 'Harbour', policy: { max_token_lifetime: '90d' } },
    problems: [409]
  },
  'GET /v1/groups': {
    tag,
    name: 'listGroups',
    summary: 'Lists one’s groups; for administrators all',
    query: { limit: 20 }
  },
  'GET /v1/groups/:slug': { tag, name: 'readGroup', summary: 'Reads a group', params },
  'PATCH /v1/groups/:slug': {
    tag,
    name: 'patchGroup',
    summary: 'Changes the name or the policy of a group',
    params,
    body: { policy: { require_expiry: true } }
  },
  'DELETE /v1/groups/:slug': {
    tag,
    name: 'deleteGroup',
    summary: 'Deletes a group with its bots and their tokens',
    params
  },
  'GET /v1/groups/:slug/members': { tag, name: 'listMembers', summary: 'Lists who belongs to a group', params },
  'PUT /v1/groups/:slug/members/:user_id': {
    tag,
    name: 'putMember',
    summary: 'Gives somebody a role in a group, at most one’s own',
    params: member,
    body: { role: 'analyst' },
    problems: [409]
  },
  'DELETE /v1/groups/:slug/members/:user_id': {
    tag,
    name: 'removeMember',
    summary: 'Takes somebody out of a group; the last owner stays',
    params: member,
    problems: [409]
  },
  'POST /v1/groups/:slug/bots': {
    tag,
    name: 'createBot',
    summary: 'Creates a service account of a group',
    params,
    body: { name: 'deployer', role: 'uploader' }
  },
  'GET /v1/groups/:slug/bots': { tag, name: 'listBots', summary: 'Lists the service accounts of a group', params },
  'PATCH /v1/groups/:slug/bots/:id': {
    tag,
    name: 'patchBot',
    summary: 'Changes the name or the role of a bot',
    params: bot,
    body: { role: 'guest' }
  },
  'DELETE /v1/groups/:slug/bots/:id': {
    tag,
    name: 'deleteBot',
    summary: 'Deletes a bot, and ends its tokens',
    params: bot
  },
  'GET /v1/groups/:slug/tokens': {
    tag,
    name: 'listGroupTokens',
    summary: 'Lists the tokens that name a group, for its maintainers',
    params
  },
  'POST /v1/groups/:slug/tokens/:id/block': {
    tag,
    name: 'blockToken',
    summary: 'Ends what a token may do in a group, whoever owns it',
    params: token,
    isRepeatable: true
  },
  'DELETE /v1/groups/:slug/tokens/:id/block': {
    tag,
    name: 'unblockToken',
    summary: 'Lifts such a block',
    params: { ...params, id: IDS.revokedToken }
  }
}
