import { type Test, test } from 'tap'
import { Type } from 'typebox'
import { type ApiDescription, type App, apiDocument, createApp, createLogger, describeApi } from '../../src/index.ts'

const Ship = Type.Object({ id: Type.String(), name: Type.Union([Type.String(), Type.Null()]) })
const READ = { tag: 'Ships', name: 'readShip', summary: 'Reads a ship', params: { id: 'ada' } } as const

async function describedApp(t: Test, operations: ApiDescription['operations']): Promise<App> {
  const logger = createLogger('test', 'silent')
  const app = await createApp({ logger, enforcement: { session: async () => {}, public: null } })
  await describeApi(app, { title: 'Ships', description: '', version: '1', operations, schemas: { Ship } })
  const params = Type.Object({ id: Type.String() })
  const schema = { params, response: { 200: Ship } }
  app.get('/ships/:id', { config: { policy: 'session' }, schema }, async () => ({ id: '', name: null }))
  app.route({ method: ['PUT', 'POST'], url: '/ships/:id', config: { policy: 'public' }, handler: async () => null })
  await app.ready()
  t.teardown(() => app.close())
  return app
}

test('a described call has its words, its example, its problems, and its schemas by name', async (t) => {
  const document = JSON.parse(apiDocument(await describedApp(t, { 'GET /ships/:id': READ })))
  t.same(Object.keys(document.paths['/ships/{id}']), ['get'], 'refusals of methods are no calls')
  const { get } = document.paths['/ships/{id}']
  t.match(get, { operationId: 'readShip', summary: 'Reads a ship', tags: ['Ships'], security: [{ session: [] }, {}] })
  t.match(get.parameters, [{ in: 'path', name: 'id', required: true, example: 'ada' }])
  t.same(get.responses['200'].content['application/json'].schema, { $ref: '#/components/schemas/Ship' })
  t.same(document.components.schemas.Ship.properties.name, { anyOf: [{ type: 'string' }, { type: 'null' }] })
  t.same(Object.keys(get.responses), ['200', '400', '401', '403', '404', 'default'])
  t.ok(document.components.responses['404'].content['application/problem+json'])
})

test('a call that is not described stops the start, and so does a description of nothing', async (t) => {
  const nothing = await describedApp(t, {})
  t.throws(() => apiDocument(nothing), /GET \/ships\/:id is not described/)
  const tooMuch = await describedApp(t, { 'GET /ships/:id': READ, 'GET /ports': { ...READ, name: 'listPorts' } })
  t.throws(() => apiDocument(tooMuch), /GET \/ports is described and does not exist/)
})
