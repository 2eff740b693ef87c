import SwaggerParser from '@apidevtools/swagger-parser'
import t from 'tap'
import { IDS, OPERATIONS } from '../../src/openapi/operations.ts'
import { createSecretBox } from '../../src/webhooks/secrets.ts'
import { openAuditor } from '../fixtures/auditor.ts'
import { anActor, anEvent } from '../fixtures/event.ts'
import { ids } from '../fixtures/people.ts'
import { runService, WEBHOOK_KEY } from '../fixtures/running-service.ts'

t.test('the description of the audit API', async (t) => {
  const service = await runService(t)
  const auditor = openAuditor(service)
  const { body: document } = await service.get<Record<string, unknown>>('/v1/openapi.json')

  await t.test('is public and valid OpenAPI 3.1', async (t) => {
    t.equal(document.openapi, '3.1.0')
    await SwaggerParser.validate(structuredClone(document) as never)
    t.pass('a validator accepts it')
    t.notMatch(JSON.stringify(document), '"name":"wait"', 'nothing here waits for gateways')
  })

  await t.test('has examples that work as they stand', async (t) => {
    await service.store([anEvent(1, { id: IDS.event, actor: anActor({ token_id: IDS.token }) }), anEvent(2)])
    await auditor.export()
    const now = new Date()
    const row = {
      created_at: now,
      created_by: ids.admin,
      updated_at: now,
      next_leaf: 0,
      header_names: [],
      enabled: false
    }
    const sealed = createSecretBox([WEBHOOK_KEY]).seal(IDS.webhook, { signing: [], headers: {} })
    await service.database
      .insertInto('webhooks')
      .values({
        id: IDS.webhook,
        name: 'chat',
        kind: 'webhook',
        url: 'https://example.com/',
        filter: '{}',
        sealed,
        ...row
      })
      .execute()
    await service.database
      .insertInto('audit_exports')
      .values({
        id: IDS.export,
        caller: JSON.stringify({ id: ids.admin, managedGroups: [] }),
        query: '{}',
        created_at: now
      })
      .execute()
    const lastly = (call: string): number => (call === 'DELETE /v1/webhooks/:id' ? 1 : 0)
    for (const [call, { params = {}, query = {}, body }] of Object.entries(OPERATIONS).toSorted(
      ([one], [other]) => lastly(one) - lastly(other)
    )) {
      if (call.includes('dead-letters/:event_id')) await putDeadLetter()
      const [method = '', route = ''] = call.split(' ')
      const path = route.replace(/:(\w+)/g, (_, name: string) => params[name] ?? '')
      const search = new URLSearchParams(
        Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])
      )
      t.ok((await statusOf(method, `${path}?${search}`, body)) < 300, call)
    }
  })

  async function putDeadLetter(): Promise<void> {
    const dead = { state: 'dead', attempts: 3, failed_at: new Date(), failure: 'answered 500' } as const
    await service.database
      .insertInto('webhook_deliveries')
      .values({ webhook_id: IDS.webhook, leaf_index: 1, event_id: IDS.event, ...dead })
      .onConflict((conflict) => conflict.columns(['webhook_id', 'leaf_index']).doUpdateSet(dead))
      .execute()
  }

  /** Only the status: the tail never ends. */
  async function statusOf(method: string, path: string, body?: object): Promise<number> {
    const closing = new AbortController()
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(service.url + path, {
      method,
      signal: closing.signal,
      headers: { authorization: `Bearer ${auditor.session}`, ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    closing.abort()
    return response.status
  }
})
