import { until } from '@patgate/test-kit'
import t, { type Test } from 'tap'
import { LOOPBACK } from '../forward-auth/loopback.ts'
import { startGateway } from '../support/gateway.ts'
import { scope, TOKEN_ID } from '../support/token-service.ts'

const ORDERS = [scope('channel', ['publish'], { entity_id: 'orders' })]

async function call(url: string, path: string, fields: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/broker-auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(fields)
  })
  return { status: response.status, text: await response.text() }
}

async function form(url: string, path: string, fields: Record<string, string>) {
  const response = await fetch(`${url}/broker-auth/${path}`, { method: 'POST', body: new URLSearchParams(fields) })
  return { status: response.status, text: await response.text() }
}

const json = (value: object) => JSON.stringify(value)

t.test('brokers of other people', async (t) => {
  const { url, tokenService, logs } = await startGateway(t, { config: { trustedProxies: LOOPBACK } })
  const password = tokenService.issue({ scopes: ORDERS, expires_at: '2031-01-01T00:00:00Z' })
  const username = TOKEN_ID

  await t.test('EMQX is answered 200, with allow or deny', async (t) => {
    const authn = (fields: object) =>
      call(url, 'emqx/authn', { username, password, clientid: 'c', peerhost: '127.0.0.1', ...fields })
    t.same(await authn({}), {
      status: 200,
      text: json({ result: 'allow', is_superuser: false, expire_at: 1924992000 })
    })
    const denied = { status: 200, text: json({ result: 'deny', is_superuser: false }) }
    for (const wrong of [{ username: 'somebody' }, { username: '' }, { password: 'guessed' }, { password: '' }]) {
      t.same(await authn(wrong), denied, json(wrong))
    }
    const authz = async (topic: string, action: string, name = username) =>
      (await call(url, 'emqx/authz', { username: name, topic, action, clientid: 'c', peerhost: '127.0.0.1' })).text
    t.equal(await authz('m/demo/c/orders/eu', 'publish'), json({ result: 'allow' }))
    const forbidden: [string, string, string?][] = [
      ['m/demo/c/orders', 'subscribe'],
      ['m/demo/c/other', 'publish'],
      ['m/other/c/orders', 'publish'],
      ['m/demo/c/orders/+', 'publish'],
      ['m/demo/c/orders/#', 'publish'],
      ['$SYS/x', 'publish'],
      ['$share/g/m/demo/c/orders', 'subscribe'],
      ['m.demo.c.orders', 'publish'],
      ['m/demo/c/orders', 'delete'],
      ['m/demo/c/orders', 'publish', 'somebody'],
      ['m/demo/c/orders', 'publish', '0198c0de-0000-7000-8000-0000000000ff']
    ]
    for (const each of forbidden) t.equal(await authz(...each), json({ result: 'deny' }), each.join(' '))
  })

  await t.test('RabbitMQ reads a word', async (t) => {
    const ask = async (path: string, fields: Record<string, string>) => {
      const { status, text } = await form(url, `rabbitmq/${path}`, { username, ...fields })
      t.equal(status, 200)
      return text
    }
    t.equal(await ask('user', { password, client_id: 'c', vhost: '/' }), 'allow')
    t.equal(await ask('user', { password: 'guessed' }), 'deny')
    t.equal(await ask('user', { password, username: 'somebody' }), 'deny')
    t.equal(await ask('vhost', { vhost: '/', ip: '127.0.0.1' }), 'allow')
    t.equal(await ask('vhost', { vhost: '/', ip: '127.0.0.1', username: 'somebody' }), 'deny')
    const resource = (kind: string, name: string, permission: string) =>
      ask('resource', { vhost: '/', resource: kind, name, permission })
    t.equal(await resource('exchange', 'amq.topic', 'write'), 'allow')
    t.equal(await resource('exchange', 'amq.topic', 'configure'), 'deny')
    t.equal(await resource('exchange', '', 'write'), 'deny')
    t.equal(await resource('queue', `mqtt-subscription-${username}-1qos1`, 'read'), 'allow')
    t.equal(await resource('queue', 'mqtt-subscription-somebody-elseqos1', 'read'), 'deny')
    t.equal(await resource('queue', 'orders', 'read'), 'deny')
    const topic = (routing_key: string, permission: string, name = 'amq.topic') =>
      ask('topic', { vhost: '/', resource: 'topic', name, permission, routing_key })
    t.equal(await topic('m.demo.c.orders.eu', 'write'), 'allow')
    t.equal(await topic('m.demo.c.orders', 'read'), 'deny')
    t.equal(await topic('m.demo.c.orders.#', 'write'), 'deny')
    t.equal(await topic('m.demo.c/orders', 'write'), 'deny')
    t.equal(await topic('m.demo.c.orders', 'write', 'other'), 'deny')
    const byQuery = new URLSearchParams({ username, vhost: '/', ip: '127.0.0.1' })
    t.equal(await (await fetch(`${url}/broker-auth/rabbitmq/vhost?${byQuery}`)).text(), 'allow', 'GET does as well')
  })

  await t.test('Mosquitto reads a status, or Ok', async (t) => {
    const allowed = { status: 200, text: json({ Ok: true, Error: '' }) }
    const denied = { status: 403, text: json({ Ok: false, Error: 'denied' }) }
    t.same(await call(url, 'mosquitto/user', { username, password, clientid: 'c' }), allowed)
    t.same(await form(url, 'mosquitto/user', { username, password, clientid: 'c' }), allowed)
    t.same(await call(url, 'mosquitto/user', { username: 'somebody', password, clientid: 'c' }), denied)
    t.same(await call(url, 'mosquitto/superuser', { username }), denied, 'nobody is a superuser')
    const acl = (topic: string, acc: number) => call(url, 'mosquitto/acl', { username, clientid: 'c', topic, acc })
    t.same(await acl('m/demo/c/orders', 2), allowed)
    for (const acc of [0, 1, 3, 4, 5]) t.same(await acl('m/demo/c/orders', acc), denied, `acc ${acc}`)
  })

  await t.test('what is neither JSON nor a form, and what nobody asks, is no question', async (t) => {
    t.equal((await call(url, 'emqx/other', {})).status, 404)
    t.equal((await call(url, 'hivemq/authn', {})).status, 404)
    t.equal((await call(url, 'emqx/authn/x', {})).status, 404)
    const response = await fetch(`${url}/broker-auth/emqx/authn`, { method: 'POST', body: 'text' })
    t.equal(response.status, 400)
  })

  await t.test('each call is decided afresh', async (t) => {
    tokenService.refuse(password, 'revoked')
    t.match((await call(url, 'emqx/authz', { username, topic: 'm/demo/c/orders', action: 'publish' })).text, /deny/)
    await until(async () => (await call(url, 'mosquitto/user', { username, password })).status === 403)
  })

  await t.test('what cannot be known is no', async (t) => {
    const other = tokenService.issue({ scopes: ORDERS })
    tokenService.behave(500)
    t.teardown(() => tokenService.behave('ok'))
    t.match(await call(url, 'emqx/authn', { username, password: other }), { status: 200, text: /deny/ })
    t.match(await form(url, 'rabbitmq/vhost', { username, vhost: '/', ip: '127.0.0.1' }), { status: 200, text: 'deny' })
    t.equal((await call(url, 'mosquitto/acl', { username, topic: 'm/demo/c/orders', acc: 2 })).status, 503)
  })

  t.notOk(logs().includes(password))
})

t.test('whom a broker may be', async (t: Test) => {
  const key = 'a key for brokers of more than 32 bytes'
  const { url, tokenService } = await startGateway(t, { config: { brokerAuthKeys: [key] } })
  const fields = { username: TOKEN_ID, password: tokenService.issue({ scopes: ORDERS }) }
  t.equal((await call(url, 'emqx/authn', fields)).status, 403)
  t.equal((await call(url, 'emqx/authn', fields, { authorization: 'Bearer guessed' })).status, 403)
  t.match((await call(url, 'emqx/authn', fields, { authorization: `Bearer ${key}` })).text, /allow/)
})

t.test('failures are slowed down, by the address of the client', async (t) => {
  const few = { requests: 3, perSeconds: 60 }
  const { url, tokenService } = await startGateway(t, {
    config: { trustedProxies: LOOPBACK, addressQuotas: { failed_authentication: few, unknown_token: few } }
  })
  const password = tokenService.issue({ scopes: ORDERS })
  const from = (peerhost: string, secret: string) =>
    call(url, 'emqx/authn', { username: TOKEN_ID, password: secret, peerhost })
  for (let attempt = 0; attempt < 6; attempt++) t.match((await from('192.0.2.1', 'guessed')).text, /deny/)
  await until(async () => /deny/.test((await from('192.0.2.1', password)).text), {
    message: 'the right one has to wait'
  })
  t.match((await from('192.0.2.2', password)).text, /allow/, 'and nobody else')
})
