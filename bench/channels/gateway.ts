import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGateway } from '../../services/gateway/test/support/gateway.ts'
import { scope } from '../../services/gateway/test/support/token-service.ts'

/** One gateway process with a NATS of its own; it tells where it is, and how much memory it has when it is asked. */
const teardowns: (() => unknown)[] = []
const directory = mkdtempSync(join(tmpdir(), 'patgate-bench-spool-'))
teardowns.push(() => rmSync(directory, { recursive: true, force: true }))
// Nobody stores what is audited here, and none of it may be refused for want of room.
const spool = { directory, maxBytes: 1024 ** 3, whenFull: 'block' } as const
const gateway = await startGateway({ teardown: (close) => teardowns.push(close) }, { config: { spool } })
const token = gateway.tokenService.issue({ scopes: [scope('channel', ['publish', 'subscribe'])] })
process.send?.({ port: gateway.port, natsUrl: gateway.natsUrl, token })

process.on('message', async (order: 'memory' | 'stop') => {
  globalThis.gc?.()
  if (order === 'memory') process.send?.({ bytes: process.memoryUsage().rss })
  else {
    for (const close of teardowns.toReversed()) await close()
    process.exit(0)
  }
})
