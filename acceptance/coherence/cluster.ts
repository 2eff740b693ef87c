import type { Propagation, ScopeInput } from '@patgate/contracts'
import { freePort } from '@patgate/local'
import { createApi, type SessionApi } from '../support/api.ts'
import { type Patgate, startPatgate } from '../support/patgate.ts'
import type { History, Use, Verdict } from './history.ts'
import { type Link, openLink } from './tcp-proxy.ts'

/** A token of the demo group that may list dashboards. */
export interface TestToken {
  readonly id: string
  readonly secret: string
}

/** Three gateways, two token services, and an administrator signed in through each gateway. */
export interface Cluster {
  readonly patgate: Patgate
  /** What lies between the third gateway and its token service. */
  readonly link: Link
  readonly gateways: readonly string[]
  createTokens(count: number): Promise<TestToken[]>
  /** One request with the token through one gateway, kept in the history. */
  use(history: History, token: TestToken, gateway: number): Promise<Use>
  /** What the control API says of the token through one gateway. Rejects when it does not answer. */
  isRevoked(token: TestToken, gateway: number): Promise<boolean>
  /** Revokes through one gateway; null when that was not answered with a 2xx. */
  revoke(history: History, token: TestToken, gateway: number, query?: string): Promise<Propagation | null>
}

interface Teardown {
  teardown(handler: () => Promise<void>): void
}

const GATEWAYS = 3
const TOKEN_SERVICES = 2
const DASHBOARDS = '/api/groups/demo/dashboards'
const MAY_LIST: ScopeInput = { group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['list'] }
/** Longer than anything is promised to take; a request that takes longer is evidence of nothing. */
const GIVEN_UP_AFTER_MS = 10_000
const CREATED_AT_ONCE = 8
/** All clients are at one address, and most of what they send is refused: that is the test. */
const UNLIMITED = {
  FAILED_AUTHENTICATIONS_PER_MINUTE: '100000000',
  UNKNOWN_TOKENS_PER_MINUTE: '100000000'
}

export async function startCluster(test: Teardown): Promise<Cluster> {
  // Gateways 1 and 3 share the first token service; only the third has to go through the link.
  const [internalPort, otherInternalPort, linkPort] = [await freePort(), await freePort(), await freePort()]
  const link = await openLink(linkPort, internalPort)
  test.teardown(async () => link.close())
  const patgate = await startPatgate(test, {
    gateways: GATEWAYS,
    tokenServices: TOKEN_SERVICES,
    environment: {
      ...UNLIMITED,
      TOKEN_SERVICE_INTERNAL_PORTS: `${internalPort},${otherInternalPort}`,
      TOKEN_SERVICE_LINKS: `,,http://127.0.0.1:${linkPort}`
    }
  })
  const { gateway_urls: gateways, admin } = patgate.run
  const admins = await Promise.all(gateways.map((url) => createApi(url).signIn(admin.email, admin.password)))
  const adminAt = (gateway: number): SessionApi => {
    const found = admins[gateway % admins.length]
    if (found === undefined) throw new Error('no gateway')
    return found
  }

  async function createTokens(count: number): Promise<TestToken[]> {
    const tokens: TestToken[] = []
    const create = async (gateway: number): Promise<void> => {
      while (tokens.length < count) {
        const place = tokens.push({ id: '', secret: '' }) - 1
        tokens[place] = await adminAt(gateway).createToken({ name: 'to be revoked', scopes: [MAY_LIST] })
      }
    }
    await Promise.all(Array.from({ length: CREATED_AT_ONCE }, (_, index) => create(index)))
    return tokens
  }

  return {
    patgate,
    link,
    gateways,
    createTokens,
    use: (history, token, gateway) =>
      history.use(token.id, gateway, () => verdictOf(`${gateways[gateway]}${DASHBOARDS}`, token.secret)),

    async isRevoked({ id }, gateway) {
      const { status, body } = await adminAt(gateway).call<{ status: string }>(`/v1/tokens/${id}`)
      if (status !== 200) throw new Error(`the token could not be read: ${status}`)
      return body.status === 'revoked'
    },

    async revoke(history, { id }, gateway, query = '') {
      let propagation: Propagation | null = null
      await history.change(id, false, async () => {
        const answer = await adminAt(gateway).call<{ propagation: Propagation }>(`/v1/tokens/${id}/revoke${query}`, {
          method: 'POST'
        })
        if (answer.status < 200 || answer.status > 299) return false
        propagation = answer.body.propagation
        return true
      })
      return propagation
    }
  }
}

async function verdictOf(url: string, secret: string): Promise<Verdict> {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${secret}` },
    signal: AbortSignal.timeout(GIVEN_UP_AFTER_MS)
  })
  await response.arrayBuffer()
  if (response.status === 200) return 'accepted'
  return response.status === 401 || response.status === 403 ? 'refused' : 'unclear'
}
