import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGateway } from '../../services/gateway/test/support/gateway.ts'

/** One gateway process, with everything that it does in production: guard, decision, assertion, audit event. */
const teardowns: (() => unknown)[] = []
// Nobody takes the events here, and what a test's spool holds is full after some seconds.
const directory = mkdtempSync(join(tmpdir(), 'patgate-bench-proxy-'))
teardowns.push(() => rmSync(directory, { recursive: true, force: true }))
const spool = { directory, maxBytes: 1024 ** 3, whenFull: 'block' } as const
const [, , upstreamUrl = ''] = process.argv
const gateway = await startGateway({ teardown: (close) => teardowns.push(close) }, { upstreamUrl, config: { spool } })
process.send?.({ origin: gateway.url, token: gateway.tokenService.issue() })

process.once('message', async () => {
  for (const close of teardowns.toReversed()) await close()
  process.exit(0)
})
