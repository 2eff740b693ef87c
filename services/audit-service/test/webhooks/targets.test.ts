import { once } from 'node:events'
import { BlockList, createServer } from 'node:net'
import { recordingUpstream } from '@patgate/test-kit'
import t from 'tap'
import { request } from 'undici'
import { connectionFailure } from '../../src/webhooks/delivery/delivery-failure.ts'
import { openGuardedAgent } from '../../src/webhooks/targets/guarded-agent.ts'
import { parseTarget } from '../../src/webhooks/targets/target.ts'
import { createTargetPolicy } from '../../src/webhooks/targets/target-policy.ts'

function networks(...subnets: [network: string, prefix: number][]): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4')
  return list
}

t.test('nothing private is a target, in whatever spelling', async (t) => {
  const policy = createTargetPolicy(networks())
  const refused = [
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '2002:7f00:1::',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    'not an address',
    ''
  ]
  for (const address of refused) t.type(policy.refusal(address, true), 'string', address)
  for (const address of ['93.184.216.34', '2606:2800:220:1::1', '::ffff:93.184.216.34']) {
    t.equal(policy.refusal(address, true), null, address)
    t.match(policy.refusal(address, false), /encrypted/, `${address} in the clear`)
  }
})

t.test('what the operator declares their own may be reached, also in the clear', async (t) => {
  const policy = createTargetPolicy(networks(['10.1.0.0', 16], ['fd00::', 8]))
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1']) t.equal(policy.refusal(address, false), null)
  for (const address of ['10.2.0.1', '127.0.0.1']) t.type(policy.refusal(address, true), 'string')
})

t.test('an address that cannot be one is refused in words', async (t) => {
  const bad: ['webhook' | 'ndjson' | 'syslog', string][] = [
    ['webhook', 'example.com'],
    ['webhook', 'ftp://example.com'],
    ['webhook', 'file:///etc/passwd'],
    ['webhook', 'https://user:secret@example.com'],
    ['webhook', 'https://user@example.com'],
    ['webhook', 'https://example.com/#here'],
    ['webhook', 'https://example.com:0/'],
    ['webhook', 'syslog+tls://example.com'],
    ['ndjson', 'syslog+tcp://example.com'],
    ['syslog', 'https://example.com'],
    ['syslog', 'syslog+tls://'],
    ['syslog', 'syslog+tls://example.com/path'],
    ['syslog', 'syslog+tls://example.com?a=b']
  ]
  for (const [kind, url] of bad) t.throws(() => parseTarget(kind, url), { name: 'Fault' }, url)
  t.match(parseTarget('syslog', 'syslog+tls://[2001:db8::1]'), { host: '2001:db8::1', port: 6514, isEncrypted: true })
  t.match(parseTarget('syslog', 'syslog+tcp://logs.example.com'), { host: 'logs.example.com', port: 601 })
  t.match(parseTarget('webhook', 'https://example.com/a?b'), { port: 443, isEncrypted: true })
  t.match(parseTarget('webhook', 'http://0x7f000001/'), { host: '127.0.0.1' }, 'as every client reads it')
})

t.test('no connection is made to a forbidden address, however it is named', async (t) => {
  const victim = createServer()
  let connections = 0
  victim.on('connection', (socket) => {
    connections += 1
    socket.destroy()
  })
  victim.listen(0)
  await once(victim, 'listening')
  t.teardown(() => victim.close())
  const { port } = victim.address() as { port: number }
  const agent = openGuardedAgent(createTargetPolicy(networks()))
  t.teardown(() => agent.destroy())
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '127.1']) {
    for (const scheme of ['http', 'https']) {
      const error = await request(`${scheme}://${host}:${port}/`, { dispatcher: agent }).catch(connectionFailure)
      t.match(error, { message: /WEBHOOK_ALLOWED_NETWORKS/ }, `${scheme}://${host}`)
    }
  }
  t.equal(connections, 0)
})

t.test('a redirect is not followed', async (t) => {
  const inner = await recordingUpstream(t)
  const outer = await recordingUpstream(t, (_request, response) => {
    response.writeHead(302, { location: inner.url }).end()
  })
  const agent = openGuardedAgent(createTargetPolicy(networks(['127.0.0.0', 8])))
  t.teardown(() => agent.destroy())
  t.equal((await request(outer.url, { dispatcher: agent })).statusCode, 302)
  t.equal(inner.connectionCount, 0)
})
