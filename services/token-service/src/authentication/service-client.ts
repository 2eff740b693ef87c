import { timingSafeEqual } from 'node:crypto'
import { Fault } from '@patgate/service-kit'
import { digestOf } from '@patgate/token-format'
import type { FastifyRequest } from 'fastify'
import type { Database } from '../database/schema.ts'
import { UUID_SHAPE } from '../lists/cursor.ts'
import type { ServiceClientPrincipal } from './principal.ts'

const CLIENT_ID = new RegExp(`^${UUID_SHAPE}$`)
const NOBODYS_DIGEST = Buffer.alloc(32)

/**
 * The service client behind a request: HTTP Basic with its id and secret (RFC 6749, section 2.3.1). Whatever is wrong,
 * and whether or not the client exists: the same 401.
 */
export async function authenticateServiceClient(
  database: Database,
  request: FastifyRequest
): Promise<ServiceClientPrincipal> {
  const credential = basicCredential(request.headers.authorization)
  const found = credential !== null && CLIENT_ID.test(credential.id) ? await find(database, credential.id) : undefined
  const digest = digestOf(credential?.secret ?? '')
  const isRight = timingSafeEqual(digest, found?.secret_digest ?? NOBODYS_DIGEST)
  if (found === undefined || !isRight) {
    throw new Fault('invalid_token', {
      message: credential === null ? 'no client credential was sent' : 'client credential refused',
      credentialSent: request.headers.authorization !== undefined,
      headers: { 'www-authenticate': 'Basic realm="patgate", charset="UTF-8"' }
    })
  }
  const { id, name, audiences, groups } = found
  return { kind: 'service_client', clientId: id, name, audiences, groups }
}

function find(database: Database, id: string) {
  return database
    .selectFrom('service_clients')
    .select((eb) => [
      'id',
      'name',
      'audiences',
      'secret_digest',
      eb
        .selectFrom('service_client_groups')
        .select((eb) => eb.fn.coalesce(eb.fn.agg<string[]>('array_agg', ['group_slug']), eb.val([])).as('groups'))
        .whereRef('client_id', '=', 'service_clients.id')
        .$asScalar()
        .$notNull()
        .as('groups')
    ])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Id and secret are form-encoded before they are joined; some libraries escape even `-` and `_`. */
function basicCredential(authorization: string | undefined): { id: string; secret: string } | null {
  const encoded = /^basic +([\w+/]+={0,2}) *$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  const id = formDecoded(text.slice(0, colon))
  const secret = formDecoded(text.slice(colon + 1))
  return colon === -1 || id === null || secret === null ? null : { id, secret }
}

function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}
