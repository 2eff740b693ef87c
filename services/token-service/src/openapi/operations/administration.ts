import type { OperationDocs } from '@patgate/service-kit'
import { AUDIENCE, GROUP, IDS, PERSON } from '../example-world.ts'

const tag = 'Administration'
const params = { id: IDS.colleague }
const client = { id: IDS.serviceClient }

export const administrationOperations: OperationDocs = {
  'POST /v1/users': {
    tag,
    name: 'createUser',
    summary: 'Adds a person; without a password they sign in by OpenID Connect only',
    body: { email: 'lin@example.org', name: 'Lin' },
    problems: [409]
  },
  'GET /v1/users': { tag, name: 'listUsers', summary: 'Lists people', query: { limit: 20 } },
  'GET /v1/users/:id': { tag, name: 'readUser', summary: 'Reads a person', params },
  'PATCH /v1/users/:id': {
    tag,
    name: 'patchUser',
    summary: 'Changes a person; who is disabled loses sessions and tokens at once',
    params,
    body: { disabled: true },
    problems: [409]
  },
  'DELETE /v1/users/:id': {
    tag,
    name: 'deleteUser',
    summary: 'Deletes a person; the last administrator stays',
    params,
    problems: [409]
  },
  'PUT /v1/users/me/password': {
    tag,
    name: 'changePassword',
    summary: 'Changes one’s own password',
    body: { current: PERSON.password, new: 'a longer horse, a newer battery' },
    problems: [429]
  },
  'POST /v1/users/:id/password-reset': {
    tag,
    name: 'resetPassword',
    summary: 'Gives a person a new password, shown once, and ends their sessions',
    params,
    problems: [409]
  },
  'GET /v1/policy': { tag, name: 'readPolicy', summary: 'Reads what the instance demands of every token' },
  'GET /v1/policy/effective': {
    tag,
    name: 'readEffectivePolicy',
    summary: 'Says what would be demanded of a token of this owner with scopes in these groups',
    query: { groups: GROUP },
    problems: [404]
  },
  'PATCH /v1/policy': {
    tag,
    name: 'patchPolicy',
    summary: 'Changes it; fields that are left out stay',
    body: { max_token_lifetime: '1y' }
  },
  'GET /v1/gateways': {
    tag,
    name: 'listGateways',
    summary: 'Lists gateways: whether each lease is live, how far it has come, and how fast it confirms changes',
    query: { limit: 20 }
  },
  'POST /v1/service-clients': {
    tag,
    name: 'createServiceClient',
    summary: 'Adds a program that may introspect and exchange tokens; its secret is shown once',
    body: { name: 'billing', audiences: [AUDIENCE], groups: [GROUP] }
  },
  'GET /v1/service-clients': { tag, name: 'listServiceClients', summary: 'Lists such programs' },
  'POST /v1/service-clients/:id/rotate': {
    tag,
    name: 'rotateServiceClient',
    summary: 'Gives one a new secret; the old one is dead',
    params: client
  },
  'DELETE /v1/service-clients/:id': {
    tag,
    name: 'deleteServiceClient',
    summary: 'Removes one; its secret is dead',
    params: client
  }
}
