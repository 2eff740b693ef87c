import { Client } from 'pg'

/** One client, one task: opened for it and closed after it. */
async function withClient<T>(url: string, task: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await task(client)
  } finally {
    await client.end()
  }
}

export async function isAnswering(url: string): Promise<boolean> {
  return withClient(url, async (client) => (await client.query('select 1')).rowCount === 1)
}

/** Creates a database unless it is there; a role that may not create one gets PostgreSQL's own message. */
export async function ensureDatabase(serverUrl: string, name: string): Promise<void> {
  await withClient(serverUrl, async (client) => {
    const found = await client.query('select 1 from pg_database where datname = $1', [name])
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  })
}

export interface DatabaseAddress {
  user: string
  password: string
  port: number
  database: string
}

export function databaseUrl({ user, password, port, database }: DatabaseAddress): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
}

/** The same server and user, another database. */
export function inDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}
