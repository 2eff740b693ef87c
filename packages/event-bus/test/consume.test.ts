import { jetstreamManager } from '@nats-io/jetstream'
import { AUDIT_STREAM, type EventBatch, SUBJECTS } from '@patgate/contracts'
import { type Bus, consumeDurably, ensureAuditStream, type JsMsg, openBus, publishBatch } from '@patgate/event-bus'
import { openBrokers, until } from '@patgate/test-kit'
import t, { type Test } from 'tap'
import { batchOf } from './event-batch.ts'

const numbersIn = (messages: readonly JsMsg[]): number[] =>
  messages.flatMap((message) => message.json<EventBatch>().events.map(({ seq }) => seq))

interface Consuming {
  readonly errors: unknown[]
  stop(): Promise<void>
}

/** Consumes the audit stream until the test ends. */
function consume(
  t: Test,
  bus: Bus,
  onMessages: (messages: readonly JsMsg[]) => Promise<void>,
  limits: { readonly batchSize?: number; readonly ackWaitMs?: number } = {}
): Consuming {
  const errors: unknown[] = []
  const stopping = new AbortController()
  const { name: stream, consumer } = AUDIT_STREAM
  const onError = (error: unknown): void => void errors.push(error)
  const ensureStream = ensureAuditStream
  const { signal } = stopping
  const options = { bus, stream, consumer, ensureStream, onMessages, onError, signal }
  const ended = consumeDurably({ ...options, batchSize: 10, ...limits })
  const stop = (): Promise<void> => {
    stopping.abort()
    return ended
  }
  t.teardown(stop)
  return { errors, stop }
}

function open(t: Test, url: string): Bus {
  const bus = openBus({ url, name: 'test' })
  t.teardown(() => bus.close())
  return bus
}

/** Publishes as a shipper does: again and again until JetStream has stored it. */
async function publish(bus: Bus, seq: number): Promise<void> {
  const connection = await bus.connection
  await until(
    async () => {
      await publishBatch(connection, SUBJECTS.auditAccess, batchOf(seq), `batch-${seq}`)
      return true
    },
    { timeoutMs: 20_000, message: `batch ${seq} is stored` }
  )
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

t.test('messages come in their order, in batches of at most the size asked for', async (t) => {
  const { natsUrl } = await openBrokers(t)
  const bus = open(t, natsUrl)
  await ensureAuditStream(await bus.connection)
  for (const seq of upTo(25)) await publish(bus, seq)
  const batches: number[][] = []
  const { errors } = consume(t, bus, async (messages) => void batches.push(numbersIn(messages)))
  await until(() => batches.flat().length === 25)
  t.same(batches.flat(), upTo(25))
  t.ok(batches.every((batch) => batch.length <= 10))
  t.ok(batches.length < 25, 'what waits is taken together')
  t.same(errors, [])
})

t.test('what the handler threw on comes again, and only that', async (t) => {
  const { natsUrl } = await openBrokers(t)
  const bus = open(t, natsUrl)
  const handled: number[] = []
  const refused: number[] = []
  const { errors } = consume(t, bus, async (messages) => {
    const numbers = numbersIn(messages)
    if (numbers.includes(2) && refused.length === 0) {
      refused.push(...numbers)
      throw new Error('the database is down')
    }
    handled.push(...numbers)
  })
  await publish(bus, 1)
  await until(() => handled.includes(1))
  await publish(bus, 2)
  await until(() => handled.includes(2), { message: 'the refused message comes again' })
  t.same(refused, [2])
  t.same(handled, [1, 2])
  t.match(errors, [{ message: 'the database is down' }])
})

t.test('nothing is lost over a restart of NATS', async (t) => {
  const { natsUrl, nats } = await openBrokers(t)
  const bus = open(t, natsUrl)
  const handled = new Set<number>()
  consume(t, bus, async (messages) => {
    for (const seq of numbersIn(messages)) handled.add(seq)
  })
  for (const seq of upTo(20)) await publish(bus, seq)
  await nats.stop()
  await until(() => !bus.isConnected())
  const publishing = Promise.all([21, 22, 23, 24, 25].map((seq) => publish(bus, seq)))
  await nats.start()
  await publishing
  await until(() => handled.size === 25, { timeoutMs: 45_000, message: 'all 25 are handled' })
  t.same(
    [...handled].sort((a, b) => a - b),
    upTo(25)
  )
})

t.test('a stream that was wiped is made again, and consumption goes on', async (t) => {
  const { natsUrl } = await openBrokers(t)
  const bus = open(t, natsUrl)
  const handled: number[] = []
  consume(t, bus, async (messages) => void handled.push(...numbersIn(messages)))
  await publish(bus, 1)
  await until(() => handled.includes(1))
  await (await jetstreamManager(await bus.connection)).streams.delete(AUDIT_STREAM.name)
  await publish(bus, 2)
  await until(() => handled.includes(2), { timeoutMs: 20_000, message: 'the new stream is consumed' })
})

t.test('the position survives: a second consumer begins where the first one stopped', async (t) => {
  const { natsUrl } = await openBrokers(t)
  const bus = open(t, natsUrl)
  const first: number[] = []
  const { stop } = consume(t, bus, async (messages) => void first.push(...numbersIn(messages)))
  await publish(bus, 1)
  await until(() => first.includes(1))
  await stop()
  await (await bus.connection).flush()
  await publish(bus, 2)
  const second: number[] = []
  consume(t, bus, async (messages) => void second.push(...numbersIn(messages)))
  await until(() => second.length > 0)
  t.same([first, second], [[1], [2]])
})

t.test('a consumer can be stopped although NATS was never there', async (t) => {
  const { natsUrl, nats } = await openBrokers(t)
  await nats.stop()
  const { stop, errors } = consume(t, open(t, natsUrl), async () => undefined)
  await stop()
  t.same(errors, [])
})

t.test('what a consumer had in hand when it died comes to the next one soon', async (t) => {
  const { natsUrl } = await openBrokers(t)
  const bus = open(t, natsUrl)
  const dying = open(t, natsUrl)
  const inHand: number[] = []
  const { promise: death, resolve: die } = Promise.withResolvers<void>()
  consume(t, dying, (messages) => {
    inHand.push(...numbersIn(messages))
    return death
  })
  await publish(bus, 1)
  await until(() => inHand.includes(1))
  await dying.close()
  const handled: number[] = []
  consume(t, bus, async (messages) => void handled.push(...numbersIn(messages)))
  try {
    await until(() => handled.includes(1), { timeoutMs: 15_000, message: 'the message comes again' })
  } finally {
    die()
  }
})

t.test('what takes long to handle is not handed out a second time meanwhile', async (t) => {
  const { natsUrl } = await openBrokers(t)
  const bus = open(t, natsUrl)
  const { promise: done, resolve: finish } = Promise.withResolvers<void>()
  const limits = { ackWaitMs: 600 }
  const handed: number[] = []
  const handle = (messages: readonly JsMsg[]): Promise<void> => {
    handed.push(...numbersIn(messages))
    return done
  }
  consume(t, bus, handle, limits)
  await publish(bus, 1)
  await until(() => handed.length > 0)
  consume(t, bus, handle, limits)
  const startedMs = performance.now()
  await until(() => handed.length > 1 || performance.now() - startedMs > 3 * limits.ackWaitMs)
  finish()
  t.same(handed, [1])
})

t.test('a consumer that was made with another patience takes the new one', async (t) => {
  const { natsUrl } = await openBrokers(t)
  const bus = open(t, natsUrl)
  const handled: number[] = []
  const handle = async (messages: readonly JsMsg[]): Promise<void> => void handled.push(...numbersIn(messages))
  const old = consume(t, bus, handle, { ackWaitMs: 30_000 })
  await publish(bus, 1)
  await until(() => handled.includes(1))
  await old.stop()
  const { errors } = consume(t, bus, handle)
  await publish(bus, 2)
  await until(() => handled.includes(2))
  t.same(errors, [])
  const { consumers } = await jetstreamManager(await bus.connection)
  t.equal((await consumers.info(AUDIT_STREAM.name, AUDIT_STREAM.consumer)).config.ack_wait, 5_000_000_000)
})
