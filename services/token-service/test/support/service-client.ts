import type { Answer, Client } from './client.ts'
import type { TestService } from './service.ts'

/** A program with a client id and secret, which sends forms as OAuth wants them. */
export interface ServiceClient {
  readonly id: string
  readonly secret: string
  introspect(form: Record<string, string> | string): Promise<Answer>
  exchange(form: Record<string, string> | string, headers?: Record<string, string>): Promise<Answer>
}

export async function createServiceClient(
  service: TestService,
  admin: Client,
  { audiences = ['billing'], groups = ['crew'] }: { audiences?: string[]; groups?: string[] } = {}
): Promise<ServiceClient> {
  const { body } = await admin.call('POST /v1/service-clients', { name: 'a service', audiences, groups })
  const authorization = `Basic ${Buffer.from(`${body.id}:${body.secret}`).toString('base64')}`
  const send =
    (path: string) =>
    (form: Record<string, string> | string, headers: Record<string, string> = {}) =>
      service.anybody.call(`POST ${path}`, typeof form === 'string' ? form : new URLSearchParams(form).toString(), {
        authorization,
        'content-type': 'application/x-www-form-urlencoded',
        ...headers
      })
  return { id: body.id, secret: body.secret, introspect: send('/v1/introspect'), exchange: send('/v1/token-exchange') }
}
