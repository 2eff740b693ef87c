import { test } from 'tap'
import { CREW, createBot, openCrew } from '../support/crew.ts'
import { openService } from '../support/service.ts'

// The owner comes last: after they have deleted the group there is nothing left to refuse.
const WHO = ['nobody', 'stranger', 'admin', 'guest', 'uploader', 'analyst', 'maintainer', 'owner'] as const
type Statuses = Readonly<Record<(typeof WHO)[number], number>>

interface Action {
  readonly request: string
  readonly body?: object
  readonly statuses: Statuses
}

const REFUSED = { nobody: 401, stranger: 404, guest: 403, uploader: 403, analyst: 403, maintainer: 403, owner: 403 }
const toMembers = (status: number): Statuses => ({ ...every(status), nobody: 401, stranger: 404 })
const toMaintainers = (status: number): Statuses => ({ ...REFUSED, maintainer: status, owner: status, admin: 403 })
const toOwners = (status: number): Statuses => ({ ...REFUSED, owner: status, admin: 403 })

const GROUP = `/v1/groups/${CREW}`
// MEMBER and BOT are made anew for each call, so that every call finds something to act upon.
const ACTIONS: readonly Action[] = [
  { request: `GET ${GROUP}`, statuses: toMembers(200) },
  { request: `PATCH ${GROUP}`, body: { name: 'Crew' }, statuses: toOwners(200) },
  { request: `PATCH ${GROUP}`, body: { policy: { max_token_lifetime: '90d' } }, statuses: toOwners(200) },
  { request: `GET ${GROUP}/members`, statuses: toMembers(200) },
  { request: `PUT ${GROUP}/members/MEMBER`, body: { role: 'analyst' }, statuses: toOwners(200) },
  { request: `DELETE ${GROUP}/members/MEMBER`, statuses: toOwners(204) },
  { request: `POST ${GROUP}/bots`, body: { name: 'b', role: 'guest' }, statuses: toMaintainers(201) },
  { request: `GET ${GROUP}/bots`, statuses: { ...toMaintainers(200), admin: 200 } },
  { request: `PATCH ${GROUP}/bots/BOT`, body: { name: 'c' }, statuses: toMaintainers(200) },
  { request: `DELETE ${GROUP}/bots/BOT`, statuses: toMaintainers(204) },
  { request: `DELETE ${GROUP}`, statuses: toOwners(204) }
]

test('who may do what in a group', async (t) => {
  const service = await openService(t)
  const crew = await openCrew(service)
  const visitor = await service.asNewPerson('visitor')

  for (const { request, body, statuses } of ACTIONS) {
    for (const who of WHO) {
      await t.test(
        `${who}: ${request} ${body === undefined ? '' : Object.keys(body)} is ${statuses[who]}`,
        async (t) => {
          let call = request
          if (request.includes('MEMBER')) {
            await crew.owner.call(`PUT ${GROUP}/members/${visitor.userId}`, { role: 'guest' })
            call = request.replace('MEMBER', visitor.userId)
          }
          if (request.includes('BOT')) call = request.replace('BOT', (await createBot(crew)).id)
          t.equal((await crew[who].call(call, body)).status, statuses[who])
        }
      )
    }
  }
})

function every(status: number): Statuses {
  return Object.fromEntries(WHO.map((who) => [who, status])) as Statuses
}
