import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type NatsServer, startNats } from '@patgate/local'
import type { Teardown } from '../teardown.ts'
import { sharedServers } from './shared-servers.ts'

/**
 * Starts a nats-server for this test alone as `infra/nats/nats.conf` has it: accounts, a user for each service, MQTT, and the
 * auth callout, without which nobody else gets in.
 */
export async function openNatsWithAccounts(t: Teardown): Promise<NatsServer> {
  const { natsProgram: program, scratchDirectory } = await sharedServers()
  const directory = await mkdtemp(join(scratchDirectory, 'patgate-nats-'))
  const server = await startNats({ directory, program })
  t.teardown(async () => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  })
  return server
}
