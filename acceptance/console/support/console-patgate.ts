import { freeGatewayPort } from '@patgate/local'
import { t as root } from 'tap'
import { type Patgate, startPatgate } from '../../support/patgate.ts'
import { type IdentityProvider, openIdentityProvider } from './identity-provider.ts'

export interface ConsolePatgate {
  readonly patgate: Patgate
  readonly provider: IdentityProvider
}

let running: Promise<ConsolePatgate> | null = null

/**
 * The patgate that all tests of the console have together, because starting one costs more than most of what they do: with
 * single sign-on, and with webhooks that are given up after a second and not after days.
 */
export function consolePatgate(): Promise<ConsolePatgate> {
  running ??= start()
  return running
}

async function start(): Promise<ConsolePatgate> {
  const port = await freeGatewayPort()
  const provider = await openIdentityProvider(root, `http://127.0.0.1:${port + 300}/v1/oidc/callback`)
  const environment = { ...provider.environment, WEBHOOK_RETRY_DELAYS: '1s' }
  return { patgate: await startPatgate(root, { port, gateways: 2, environment }), provider }
}
