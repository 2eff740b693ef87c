import type { SessionApi } from '../../support/api.ts'
import { consolePatgate } from './console-patgate.ts'

/** A page of the console, and what has to be there before it is looked at. */
export interface ConsolePage {
  readonly name: string
  readonly path: string
}

export interface FurnishedConsole {
  readonly pages: readonly ConsolePage[]
  readonly admin: SessionApi
}

let furnishing: Promise<FurnishedConsole> | null = null

/** Every page there is, with something on it: an empty page hides what is ugly. */
export function everyPage(): Promise<FurnishedConsole> {
  furnishing ??= furnish()
  return furnishing
}

async function furnish(): Promise<FurnishedConsole> {
  const { patgate } = await consolePatgate()
  const admin = await patgate.asAdmin()
  const dashboards = { group: 'demo', entity_type: 'dashboard', entity_id: '*' }
  const token = await admin.createToken({
    name: 'nightly-export',
    description: 'Copies yesterday’s dashboards to the archive',
    expires_in: '90d',
    scopes: [
      { ...dashboards, operations: ['read', 'list', 'update'] },
      { group: 'demo', entity_type: 'dataset', entity_id: 'sales', operations: ['read'] }
    ]
  })
  await admin.createToken({ name: 'ci-deploy', expires_in: '5d', scopes: [{ ...dashboards, operations: ['read'] }] })
  const revoked = await admin.createToken({ name: 'old-laptop', expires_in: '30d' })
  await admin.call(`/v1/tokens/${revoked.id}/revoke`, { method: 'POST' })
  for (const path of ['/api/groups/demo/dashboards', '/api/groups/demo/datasets']) {
    await admin.call(path, { token: token.secret })
  }
  const bot = await admin.call<{ id: string }>('/v1/groups/demo/bots', { body: { name: 'pipeline', role: 'analyst' } })
  await admin.createToken({ name: 'pipeline-main', owner: bot.body.id })
  await admin.createUser('ada', 'a password of ada')
  await admin.call('/v1/service-clients', {
    body: { name: 'orders-api', audiences: ['https://orders.example.org'], groups: ['demo'] }
  })
  const webhook = await admin.call<{ id: string }>('/v1/webhooks', {
    body: { name: 'siem', url: 'https://siem.example.org/in', filter: { types: ['token.*'] }, enabled: false }
  })
  const pages: ConsolePage[] = [
    { name: 'tokens', path: '/tokens?status=all' },
    { name: 'new-token', path: '/tokens/new' },
    { name: 'token', path: `/tokens/${token.id}` },
    { name: 'token-usage', path: `/tokens/${token.id}?tab=usage` },
    { name: 'token-activity', path: `/tokens/${token.id}?tab=activity` },
    { name: 'token-test', path: `/tokens/${token.id}?tab=test` },
    { name: 'groups', path: '/groups' },
    { name: 'group-members', path: '/groups/demo' },
    { name: 'group-tokens', path: '/groups/demo/tokens' },
    { name: 'group-bots', path: '/groups/demo/bots' },
    { name: 'bot-tokens', path: `/groups/demo/bots/${bot.body.id}` },
    { name: 'group-policy', path: '/groups/demo/policy' },
    { name: 'group-general', path: '/groups/demo/general' },
    { name: 'channels', path: '/channels' },
    { name: 'audit', path: '/audit' },
    { name: 'users', path: '/admin/users' },
    { name: 'policy', path: '/admin/policy' },
    { name: 'service-clients', path: '/admin/service-clients' },
    { name: 'webhooks', path: '/admin/webhooks' },
    { name: 'webhook', path: `/admin/webhooks/${webhook.body.id}` },
    { name: 'gateways', path: '/admin/gateways' },
    { name: 'account', path: '/account' },
    { name: 'not-found', path: '/nowhere' }
  ]
  return { pages, admin }
}
