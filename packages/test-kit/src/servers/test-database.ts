import { randomUUID } from 'node:crypto'
import { inDatabase } from '@patgate/local'
import { Client, escapeIdentifier } from 'pg'
import type { Teardown } from '../teardown.ts'
import { type DatabaseTemplate, ensureTemplate } from './database-template.ts'

/**
 * Creates a database in the shared cluster, empty or as a copy of the template, and drops it with the test, whoever is still
 * connected.
 */
export async function openTestDatabase(t: Teardown, serverUrl: string, template?: DatabaseTemplate): Promise<string> {
  if (template !== undefined) await ensureTemplate(serverUrl, template)
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const copied = template === undefined ? '' : ` template ${escapeIdentifier(template.name)}`
  // Copying files takes less than half of what writing them through the log does.
  await execute(serverUrl, `create database ${escapeIdentifier(name)}${copied} strategy file_copy`)
  t.teardown(() => execute(serverUrl, `drop database if exists ${escapeIdentifier(name)} with (force)`))
  return inDatabase(serverUrl, name)
}

async function execute(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  await client.query(statement)
  await client.end()
}
