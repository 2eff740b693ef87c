import { ROLES, type Role } from '@patgate/domain'
import type { Client } from './client.ts'
import type { TestService } from './service.ts'

export const CREW = 'crew'

/** A group with one member of each role, somebody who is none, and an administrator of the instance. */
export type Crew = Readonly<Record<Role | 'stranger' | 'admin' | 'nobody', Client>>

export async function openCrew(service: TestService): Promise<Crew> {
  const admin = await service.asAdmin()
  const enlist = async (name: string): Promise<Client> => {
    const person = { email: `${name}@example.org`, name, password: `the password of ${name}` }
    await admin.call('POST /v1/users', person)
    return service.signIn(person.email, person.password)
  }
  const owner = await enlist('owner')
  await owner.call('POST /v1/groups', { slug: CREW, name: 'Crew' })
  const members: Partial<Record<Role, Client>> = { owner }
  for (const role of ROLES.filter((name) => name !== 'owner')) {
    const member = await enlist(role)
    await owner.call(`PUT /v1/groups/${CREW}/members/${member.userId}`, { role })
    members[role] = member
  }
  return { ...(members as Record<Role, Client>), stranger: await enlist('stranger'), admin, nobody: service.anybody }
}

/** A bot of the crew; the fields that matter to the test replace the usual ones. */
export async function createBot({ owner }: Crew, fields: object = {}): Promise<{ id: string; email: string }> {
  const { status, body } = await owner.call(`POST /v1/groups/${CREW}/bots`, { name: 'a bot', role: 'guest', ...fields })
  if (status !== 201) throw new Error(`no bot was made: ${JSON.stringify(body)}`)
  return body
}
