import { consolePatgate } from './console-patgate.ts'
import type { Person } from './visit.ts'

/** Somebody new with a role in the group `demo`, so that no test sees the tokens of another. */
export async function newPerson(name: string, role: string | null = 'maintainer'): Promise<Person & { id: string }> {
  const { patgate } = await consolePatgate()
  const admin = await patgate.asAdmin()
  const password = `the password of ${name}`
  const { id, email } = await admin.createUser(name, password)
  if (role !== null) await admin.call(`/v1/groups/demo/members/${id}`, { method: 'PUT', body: { role } })
  return { id, email, password }
}
