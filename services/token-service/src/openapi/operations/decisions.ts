import { ACCESS_TOKEN_TYPE, TOKEN_EXCHANGE_GRANT } from '@patgate/contracts'
import type { OperationDocs } from '@patgate/service-kit'
import { AUDIENCE, GROUP, IDS, TOKEN } from '../example-world.ts'

const tag = 'Decisions'

export const decisionOperations: OperationDocs = {
  'POST /v1/explain': {
    tag,
    name: 'explain',
    summary: 'Says what the gateway would decide now, and why; does nothing',
    body: { token_id: IDS.token, method: 'GET', path: `/api/groups/${GROUP}/dashboards/q3` },
    problems: [404]
  },
  'POST /v1/introspect': {
    tag,
    name: 'introspect',
    summary: 'Tells a service what a token may do in its groups (RFC 7662)',
    isForm: true,
    body: { token: TOKEN }
  },
  'POST /v1/token-exchange': {
    tag,
    name: 'exchangeToken',
    summary: 'Exchanges a token for a JWT of a minute, for one audience (RFC 8693)',
    isForm: true,
    body: {
      grant_type: TOKEN_EXCHANGE_GRANT,
      subject_token: TOKEN,
      subject_token_type: ACCESS_TOKEN_TYPE,
      audience: AUDIENCE,
      scope: `${GROUP}:dashboard:q3:read`
    },
    problems: [501]
  },
  'GET /v1/entity-types': { tag, name: 'listEntityTypes', summary: 'Lists what scopes may be about' },
  'GET /.well-known/jwks.json': {
    tag,
    name: 'readSigningKeys',
    summary: 'The public keys of exchanged tokens and of assertions'
  },
  'GET /v1/openapi.json': { tag, name: 'readDescription', summary: 'This document' }
}
