import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { BlockList } from 'node:net'
import { REQUEST_ID_HEADER } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { AccessEvents } from '../audit/access-events.ts'
import type { RequestFacts } from '../audit/event-parts.ts'
import { contains, plainAddress } from '../proxy/peer.ts'
import { emqx } from './brokers/emqx.ts'
import { mosquitto } from './brokers/mosquitto.ts'
import { rabbitmq } from './brokers/rabbitmq.ts'
import type { BrokerJudge } from './judge-question.ts'
import type { Broker, BrokerAnswer, Fields, Judgement } from './question.ts'
import { readFields } from './read-fields.ts'

export const BROKER_AUTH_PREFIX = '/broker-auth/'

export interface BrokerAuthOptions {
  readonly judge: BrokerJudge
  /** Networks whose brokers may ask, and what others have to present. */
  readonly trustedProxies: BlockList | undefined
  readonly keys: readonly string[]
  readonly events: Pick<AccessEvents, 'rejected'>
  readonly onError: (error: unknown) => void
}

const BROKERS: ReadonlyMap<string, Broker> = new Map([
  ['emqx', emqx],
  ['rabbitmq', rabbitmq],
  ['mosquitto', mosquitto]
])

const UNDECIDED: Judgement = { isAllowed: false, isDecided: false, expiresAtMs: null }

/** Answers the message brokers of other people (channels.md, "Brokers other than NATS"), each in its own way. */
export function createBrokerAuth({ judge, trustedProxies, keys, events, onError }: BrokerAuthOptions): RequestListener {
  const digests = keys.map(sha256)

  function isTrusted(call: IncomingMessage): boolean {
    if (contains(trustedProxies, plainAddress(call.socket.remoteAddress ?? ''))) return true
    const [, presented = ''] = /^bearer +(.+)$/i.exec(call.headers.authorization ?? '') ?? []
    const digest = sha256(presented)
    return digests.map((key) => timingSafeEqual(key, digest)).includes(true)
  }

  async function answer(call: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = randomUUID()
    const { broker, path, query } = addressed(call.url ?? '')
    const facts = factsOf(call, id, path)
    if (!isTrusted(call)) {
      events.rejected(facts, 'untrusted_proxy', FORBIDDEN)
      return send(response, id, { status: FORBIDDEN, type: 'text/plain', body: UNTRUSTED })
    }
    const fields = await readFields(call, query)
    const question = fields === null ? null : broker?.questionIn(path, fields)
    if (broker === undefined || question === undefined || question === null) {
      return send(response, id, fields === null ? UNREADABLE : UNKNOWN)
    }
    const clientAddress = 'address' in question ? question.address : null
    const judged = judge(question, { ...facts, address: clientAddress ?? facts.address })
    send(response, id, broker.answer(path, await judged.catch(undecided)))
  }

  function undecided(error: unknown): Judgement {
    if (!(error instanceof Fault)) onError(error)
    return UNDECIDED
  }

  return (call, response) => {
    // Without an answer a broker denies.
    answer(call, response).catch((error: unknown) => {
      onError(error)
      response.destroy()
    })
  }
}

const FORBIDDEN = 403
const UNTRUSTED = 'This broker is not in TRUSTED_PROXIES and presents no BROKER_AUTH_KEY\n'
const UNKNOWN: BrokerAnswer = { status: 404, type: 'text/plain', body: 'No broker asks here\n' }
const UNREADABLE: BrokerAnswer = { status: 400, type: 'text/plain', body: 'Neither JSON nor a form\n' }

/** `/broker-auth/<broker>/<question>`, and the query. */
function addressed(url: string): { broker: Broker | undefined; path: string; query: Fields } {
  const [pathname = '', query = ''] = url.split('?', 2)
  const [name = '', path = '', ...rest] = pathname.slice(BROKER_AUTH_PREFIX.length).split('/')
  const fields = Object.fromEntries(new URLSearchParams(query))
  return { broker: rest.length === 0 ? BROKERS.get(name) : undefined, path, query: fields }
}

/** A query may hold a password: it is no part of what is recorded. */
function factsOf(call: IncomingMessage, id: string, path: string): RequestFacts {
  const { pathname } = new URL(call.url ?? '/', 'http://broker')
  return {
    id,
    method: call.method ?? '',
    path: path === '' ? BROKER_AUTH_PREFIX : pathname,
    address: plainAddress(call.socket.remoteAddress ?? ''),
    userAgent: call.headers['user-agent'] ?? null,
    durationMs: null
  }
}

function send(response: ServerResponse, id: string, { status, type, body }: BrokerAnswer): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    [REQUEST_ID_HEADER]: id
  })
  response.end(body)
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
