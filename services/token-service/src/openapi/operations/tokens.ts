import type { OperationDocs } from '@patgate/service-kit'
import { IDS, NARROWER_SCOPE, SCOPE, TOKEN } from '../example-world.ts'

const tag = 'Tokens'
const params = { id: IDS.token }

export const tokenOperations: OperationDocs = {
  'POST /v1/tokens': {
    tag,
    name: 'createToken',
    summary: 'Creates a token; its secret is in this answer and nowhere else',
    body: { name: 'nightly build', expires_in: '90d', scopes: [SCOPE] },
    isRepeatable: true,
    problems: [404, 409]
  },
  'GET /v1/tokens': {
    tag,
    name: 'listTokens',
    summary: 'Lists tokens, newest first: one’s own, a bot’s, or for administrators all',
    query: { status: 'active', limit: 20 },
    problems: [404]
  },
  'DELETE /v1/tokens': {
    tag,
    name: 'deleteAllTokens',
    summary: 'Deletes all tokens of an owner, active ones too',
    query: { confirm: 'all' },
    problems: [404]
  },
  'GET /v1/tokens/:id': { tag, name: 'readToken', summary: 'Reads a token; never its secret', params },
  'PATCH /v1/tokens/:id': {
    tag,
    name: 'patchToken',
    summary: 'Changes a token that goes on working',
    params,
    body: { description: 'Builds and deploys', allowed_addresses: ['192.0.2.0/24'] }
  },
  'DELETE /v1/tokens/:id': {
    tag,
    name: 'deleteToken',
    summary: 'Deletes a token; where policy says so, only one that has ended',
    params: { id: IDS.revokedToken },
    problems: [409]
  },
  'GET /v1/tokens/:id/scopes': { tag, name: 'listScopes', summary: 'Lists what a token may do', params },
  'POST /v1/tokens/:id/scopes': {
    tag,
    name: 'addScopes',
    summary: 'Lets a token do more',
    params,
    body: { scopes: [{ ...SCOPE, entity_type: 'dataset', entity_id: 'q3' }] },
    isRepeatable: true
  },
  'DELETE /v1/tokens/:id/scopes': {
    tag,
    name: 'removeAllScopes',
    summary: 'Leaves a token with nothing to do',
    params
  },
  'DELETE /v1/tokens/:id/scopes/:scope_id': {
    tag,
    name: 'removeScope',
    summary: 'Takes one scope from a token',
    params: { ...params, scope_id: IDS.scope }
  },
  'POST /v1/tokens/:id/narrow': {
    tag,
    name: 'narrowToken',
    summary: 'Replaces the scopes by a subset of them',
    params,
    body: { scopes: [NARROWER_SCOPE] },
    isRepeatable: true
  },
  'GET /v1/tokens/:id/usage': {
    tag,
    name: 'readTokenUsage',
    summary: 'Compares what a token may do with what it did',
    params,
    query: { days: 30 }
  },
  'GET /v1/tokens/:id/exposure': {
    tag,
    name: 'readTokenExposure',
    summary: 'Tells what a token did, and from where: the blast radius of a leak',
    params,
    query: { days: 30 }
  },
  'POST /v1/tokens/revoke-leaked': {
    tag,
    name: 'revokeLeakedTokens',
    summary: 'Revokes tokens that somebody found; the answer does not tell which exist',
    body: { tokens: [TOKEN] },
    problems: [413, 429]
  }
}
