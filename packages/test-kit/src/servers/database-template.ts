import { inDatabase } from '@patgate/local'
import { Client, escapeIdentifier } from 'pg'

/** A database that others begin as copies of: a copy takes a fraction of the time that all migrations take. */
export interface DatabaseTemplate {
  readonly name: string
  /** Fills the empty database, and leaves no connection to it open. */
  prepare(databaseUrl: string): Promise<unknown>
}

const ensured = new Map<string, Promise<void>>()

/** Prepares the template unless this cluster has it; of processes that want it at the same time one does. */
export function ensureTemplate(serverUrl: string, template: DatabaseTemplate): Promise<void> {
  const known = ensured.get(template.name) ?? prepareOnce(serverUrl, template)
  ensured.set(template.name, known)
  return known
}

async function prepareOnce(serverUrl: string, { name, prepare }: DatabaseTemplate): Promise<void> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [name])
    const found = await client.query('select from pg_database where datname = $1', [name])
    if (found.rowCount === 1) return
    // Under another name until it is whole: a process may be killed in between.
    const draft = `${name}_draft`
    await client.query(`drop database if exists ${escapeIdentifier(draft)} with (force)`)
    await client.query(`create database ${escapeIdentifier(draft)}`)
    await prepare(inDatabase(serverUrl, draft))
    await client.query(`alter database ${escapeIdentifier(draft)} rename to ${escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}
