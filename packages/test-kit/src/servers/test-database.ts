import { randomUUID } from 'node:crypto'
import { ensureDatabase, inDatabase } from '@patgate/local'
import { Client } from 'pg'
import type { Teardown } from '../teardown.ts'

/** Creates an empty database in the shared cluster and drops it with the test, whoever is still connected. */
export async function openTestDatabase(t: Teardown, serverUrl: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await ensureDatabase(serverUrl, name)
  t.teardown(async () => {
    const client = new Client({ connectionString: serverUrl })
    await client.connect()
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`)
    await client.end()
  })
  return inDatabase(serverUrl, name)
}
