import { startGateway } from '../../services/gateway/test/support/gateway.ts'

/** One gateway process, with everything that it does in production: guard, decision, assertion, audit event. */
const teardowns: (() => unknown)[] = []
const [, , upstreamUrl = ''] = process.argv
const gateway = await startGateway({ teardown: (close) => teardowns.push(close) }, { upstreamUrl })
process.send?.({ origin: gateway.url, token: gateway.tokenService.issue() })

process.once('message', async () => {
  for (const close of teardowns.toReversed()) await close()
  process.exit(0)
})
