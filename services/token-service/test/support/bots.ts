import type { Client } from './client.ts'

/** A group with somebody in every role of interest, and a bot in its care. */
export interface Crew {
  readonly slug: string
  readonly botId: string
}

/** Makes a group of `owner`, gives others their roles, and makes a bot in it. */
export async function makeCrew(
  owner: Client,
  slug: string,
  roles: Readonly<Record<string, Client>>,
  botRole = 'uploader'
): Promise<Crew> {
  await expectStatus(owner.call('POST /v1/groups', { slug, name: slug }), 201)
  for (const [role, member] of Object.entries(roles)) {
    await expectStatus(owner.call(`PUT /v1/groups/${slug}/members/${member.userId}`, { role }), 200)
  }
  const bot = await expectStatus(owner.call(`POST /v1/groups/${slug}/bots`, { name: 'robot', role: botRole }), 201)
  return { slug, botId: bot.id }
}

async function expectStatus(answering: ReturnType<Client['call']>, status: number) {
  const answer = await answering
  if (answer.status !== status) throw new Error(`expected ${status}: ${answer.status} ${answer.text}`)
  return answer.body
}
