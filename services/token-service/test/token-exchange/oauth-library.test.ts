import { ACCESS_TOKEN_TYPE, TOKEN_EXCHANGE_GRANT } from '@patgate/contracts'
import {
  allowInsecureRequests,
  ClientSecretBasic,
  Configuration,
  genericGrantRequest,
  tokenIntrospection
} from 'openid-client'
import { test } from 'tap'
import { openService } from '../support/service.ts'
import { createServiceClient } from '../support/service-client.ts'
import { signingKeysDirectory } from '../support/signing-keys.ts'

const READ = { group: 'crew', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }

test('an OAuth library that somebody else wrote understands us', async (t) => {
  const service = await openService(t, undefined, { SIGNING_KEYS_DIR: signingKeysDirectory(t) })
  const admin = await service.asAdmin()
  await admin.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })
  const client = await createServiceClient(service, admin)
  const { secret } = await admin.createToken({ scopes: [READ] })
  const url = await service.app.listen({ host: '127.0.0.1', port: 0 })
  const server = {
    issuer: url,
    introspection_endpoint: `${url}/v1/introspect`,
    token_endpoint: `${url}/v1/token-exchange`
  }
  const library = (clientSecret: string): Configuration => {
    const configuration = new Configuration(server, client.id, undefined, ClientSecretBasic(clientSecret))
    allowInsecureRequests(configuration)
    return configuration
  }
  const subject = { subject_token: secret, subject_token_type: ACCESS_TOKEN_TYPE }

  await t.test('it introspects', async (t) => {
    t.match(await tokenIntrospection(library(client.secret), secret), { active: true, scope: 'crew:dashboard:*:read' })
    t.same(await tokenIntrospection(library(client.secret), 'pat_x'), { active: false })
  })

  await t.test('it exchanges', async (t) => {
    const answer = await genericGrantRequest(library(client.secret), TOKEN_EXCHANGE_GRANT, subject)
    t.match(answer, { token_type: 'bearer', expires_in: 60, issued_token_type: ACCESS_TOKEN_TYPE })
  })

  await t.test('it knows our errors by their names', async (t) => {
    const refusal = (clientSecret: string, fields: Record<string, string>): Promise<unknown> =>
      genericGrantRequest(library(clientSecret), TOKEN_EXCHANGE_GRANT, fields).catch((error: unknown) => error)
    t.match(await refusal(client.secret, { ...subject, audience: 'mail' }), { error: 'invalid_target', status: 400 })
    t.match(await refusal('wrong', subject), { status: 401 })
  })
})
