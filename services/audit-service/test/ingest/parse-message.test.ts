import t from 'tap'
import { parseMessage } from '../../src/ingest/parse-message.ts'
import { anEvent, BOOT } from '../fixtures/event.ts'

const SUBJECT = 'patgate.audit.access'
const parse = (message: unknown) => parseMessage(SUBJECT, Buffer.from(JSON.stringify(message)))

t.test('a batch of version 1 is its events, each with its subject', async (t) => {
  const events = [anEvent(1), anEvent(2)]
  t.same(parse({ version: 1, events }), { arrivals: events.map((event) => ({ subject: SUBJECT, event })), parked: [] })
})

t.test('what is no batch is parked whole, with the reason', async (t) => {
  const cases: [name: string, payload: Uint8Array, reason: RegExp][] = [
    ['empty', Buffer.alloc(0), /not JSON/],
    ['no JSON', Buffer.from('{"version":1,'), /not JSON/],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), /not JSON/],
    ['a JSON null', Buffer.from('null'), /not a batch/],
    ['an unknown version', Buffer.from('{"version":2,"events":[]}'), /unknown version/],
    ['the version as a text', Buffer.from('{"version":"1","events":[]}'), /unknown version/],
    ['no version', Buffer.from('{"events":[{}]}'), /not a batch/],
    ['no events', Buffer.from('{"version":1,"events":[]}'), /not a batch: \/events/],
    ['an unknown field', Buffer.from('{"version":1,"events":[{}],"more":1}'), /not a batch/],
    [
      'too many events',
      Buffer.from(JSON.stringify({ version: 1, events: Array(1001).fill({}) })),
      /not a batch: \/events/
    ]
  ]
  for (const [name, payload, reason] of cases) {
    const { arrivals, parked } = parseMessage(SUBJECT, payload)
    t.same(arrivals, [], name)
    t.match(parked, [{ subject: SUBJECT, reason, payload, key: null }], name)
  }
})

t.test('one bad event does not take the others along', async (t) => {
  const unknownType = { ...anEvent(2), type: 'token.teleported' }
  const withoutNumber = { ...anEvent(3), seq: 'three' }
  const { arrivals, parked } = parse({ version: 1, events: [anEvent(1), unknownType, withoutNumber, anEvent(4)] })
  t.same(
    arrivals.map(({ event }) => event.seq),
    [1, 4]
  )
  t.match(parked[0], { reason: /not an event: \/type/, key: { producer: 'gateway-1', boot: BOOT, seq: 2 } })
  t.match(parked[1], { reason: /not an event: \/seq/, key: null })
})

t.test('nobody else may speak as the audit service, nor use up its numbers', async (t) => {
  const { arrivals, parked } = parse({ version: 1, events: [anEvent(1, { producer: 'audit-service' })] })
  t.same(arrivals, [])
  t.match(parked, [{ reason: /claims to come from the audit service/, key: null }])
})
