import type { OperationDocs } from '@patgate/service-kit'
import { IDS } from '../example-world.ts'

const tag = 'Life of a token'
const params = { id: IDS.token }

export const tokenLifeOperations: OperationDocs = {
  'POST /v1/tokens/:id/revoke': {
    tag,
    name: 'revokeToken',
    summary: 'Ends a token; when this answers, no gateway accepts it any more',
    params,
    isRepeatable: true
  },
  'POST /v1/tokens/:id/restore': {
    tag,
    name: 'restoreToken',
    summary: 'Lets a revoked token work again, with the same secret',
    params: { id: IDS.revokedToken },
    isRepeatable: true,
    problems: [409]
  },
  'POST /v1/tokens/:id/regenerate': {
    tag,
    name: 'regenerateToken',
    summary: 'Gives a token of whatever status a new secret and a new expiry; the old secret is dead',
    params,
    body: { expires_in: '90d' },
    isRepeatable: true,
    problems: [409]
  },
  'POST /v1/tokens/:id/rotate': {
    tag,
    name: 'rotateToken',
    summary: 'Gives an active token a new secret; the old one works for the overlap',
    params,
    body: { overlap: '10m' },
    isRepeatable: true,
    problems: [409]
  },
  'GET /v1/tokens/self': { tag, name: 'readSelf', summary: 'Tells a token about itself' },
  'POST /v1/tokens/self/rotate': {
    tag,
    name: 'rotateSelf',
    summary: 'Lets a token rotate itself, where it may',
    body: { overlap: '10m' },
    isRepeatable: true,
    problems: [409]
  },
  'DELETE /v1/tokens/self': { tag, name: 'revokeSelf', summary: 'Lets a token revoke itself' }
}
