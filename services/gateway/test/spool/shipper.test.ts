import { AUDIT_STREAM, ProducerHeartbeat, SUBJECTS } from '@patgate/contracts'
import { openBus } from '@patgate/event-bus'
import { systemClock } from '@patgate/service-kit'
import { openBrokers, type Teardown, type TestBrokers, until } from '@patgate/test-kit'
import t from 'tap'
import { Compile } from 'typebox/compile'
import { type AuditSpool, type AuditSpoolOptions, openAuditSpool } from '../../src/spool/audit-spool.ts'
import { openAuditEnd } from './fixtures/audit-end.ts'
import { aSpoolEvent, PRODUCER, segmentNames, temporaryDirectory } from './fixtures/spool-directory.ts'

interface Opened extends AuditSpool {
  /** Appends so many events, a hundred in a turn. */
  append(count: number): Promise<void>
}

async function openShippedSpool(
  t: Teardown,
  { natsUrl }: TestBrokers,
  directory: string,
  shipping: AuditSpoolOptions['shipping'] = {}
): Promise<Opened> {
  const bus = openBus({ url: natsUrl, name: 'a gateway' })
  const spool = await openAuditSpool({
    directory,
    producer: PRODUCER,
    clock: systemClock,
    maxBytes: 64 * 1024 * 1024,
    whenFull: 'block',
    onError: () => undefined,
    bus,
    segmentBytes: 100_000,
    keepCoveredMs: 0,
    tidyEveryMs: 10,
    shipping: { retryAfterMs: 20, answerWithinMs: 200, lingerMs: 5, ...shipping },
    drainWithinMs: 200
  })
  t.teardown(async () => {
    await spool.close()
    await bus.close()
  })
  return {
    ...spool,
    async append(count) {
      for (let left = count; left > 0; left -= 100) {
        const receipts = Array.from({ length: Math.min(left, 100) }, () => spool.record(aSpoolEvent(), 'buffered'))
        await Promise.all(receipts.map((receipt) => receipt.written()))
      }
    }
  }
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

t.test('everything arrives once, in batches within their limits, and stored segments are removed', async (t) => {
  const servers = await openBrokers(t)
  const end = await openAuditEnd(t, servers.natsUrl)
  end.announceAlways()
  const directory = temporaryDirectory(t)
  const { spool, append } = await openShippedSpool(t, servers, directory)
  await append(3_000)
  await until(() => end.seqsOf(spool.boot).length === 3_001)
  t.same(end.seqsOf(spool.boot), upTo(3_001))
  t.ok([...end.arrivals.values()].every((times) => times === 1))
  t.ok(end.batches.every(({ events }) => events.length <= 500))
  t.ok(end.batches.length < 60, `${end.batches.length} batches`)
  await until(() => segmentNames(directory).length === 1, { message: 'only the segment being written is left' })
})

t.test('nothing is removed because JetStream has it: only the word of the audit service counts', async (t) => {
  const servers = await openBrokers(t)
  const end = await openAuditEnd(t, servers.natsUrl)
  const directory = temporaryDirectory(t)
  const { spool, append } = await openShippedSpool(t, servers, directory)
  await append(500)
  const names = segmentNames(directory)
  await until(() => end.seqsOf(spool.boot).length === 501)
  end.announce(spool.boot, 1_000_000)
  end.announce('01890000-0000-7000-8000-00000000b007', 501)
  end.announce(spool.boot, spool.segments[1]?.lastSeq ?? 0)
  await until(() => segmentNames(directory).length === names.length - 2)
  t.same(segmentNames(directory), names.slice(2), 'a number beyond ours was not believed')
})

t.test('with NATS down events wait in the spool, and follow when it is back, in their order', async (t) => {
  const servers = await openBrokers(t)
  const end = await openAuditEnd(t, servers.natsUrl)
  end.announceAlways()
  const { spool, append } = await openShippedSpool(t, servers, temporaryDirectory(t))
  await append(10)
  await until(() => end.seqsOf(spool.boot).length === 11)
  await servers.nats.stop()
  await append(2_000)
  await servers.nats.start()
  await until(() => end.seqsOf(spool.boot).length === 2_011, { timeoutMs: 30_000 })
  t.same(end.seqsOf(spool.boot), upTo(2_011))
})

t.test('a wiped stream loses nothing: what was not stored is sent again', async (t) => {
  const servers = await openBrokers(t)
  const end = await openAuditEnd(t, servers.natsUrl)
  end.announceAlways()
  const lost = end.loseSome()
  const { spool, append } = await openShippedSpool(t, servers, temporaryDirectory(t), { restartAfterMs: 300 })
  await append(1_200)
  await lost
  const connection = await end.bus.connection
  await connection.request(`$JS.API.STREAM.DELETE.${AUDIT_STREAM.name}`)
  await append(300)
  await until(() => end.seqsOf(spool.boot).length === 1_501, { timeoutMs: 30_000 })
  t.same(end.seqsOf(spool.boot), upTo(1_501))
})

t.test(
  'what JetStream has delivered and the audit service lost is sent again, and not taken for a duplicate',
  async (t) => {
    const servers = await openBrokers(t)
    const end = await openAuditEnd(t, servers.natsUrl)
    const lost = end.loseSome()
    const { spool, append } = await openShippedSpool(t, servers, temporaryDirectory(t), { restartAfterMs: 200 })
    await append(700)
    await lost
    await until(() => end.seqsOf(spool.boot).length === 701, { timeoutMs: 30_000 })
    t.same(end.seqsOf(spool.boot), upTo(701))
  }
)

t.test('a boot that was cut off is sent by the next one, under its own id, from where it is stored', async (t) => {
  const servers = await openBrokers(t)
  const directory = temporaryDirectory(t)
  await servers.nats.stop()
  const first = await openShippedSpool(t, servers, directory)
  await first.append(900)
  await first.close()
  await servers.nats.start()
  const end = await openAuditEnd(t, servers.natsUrl)
  end.announceAlways()
  for (const seq of upTo(600)) (end.arrivals as Map<string, number>).set(`${first.spool.boot}/${seq}`, 1)
  const second = await openShippedSpool(t, servers, directory, { answerWithinMs: 5_000 })
  await until(() => end.seqsOf(second.spool.boot).length === 1)
  await until(() => end.seqsOf(first.spool.boot).length === 902, { timeoutMs: 20_000 })
  t.same(end.seqsOf(first.spool.boot), upTo(902), 'with its stop')
  t.ok(
    [...end.arrivals.values()].every((times) => times === 1),
    'nothing that was stored came again'
  )
  await until(() => segmentNames(directory).every((name) => name.startsWith(second.spool.boot)))
})

t.test('a heartbeat tells the boot and its last number', async (t) => {
  const servers = await openBrokers(t)
  const bus = openBus({ url: servers.natsUrl, name: 'a listener' })
  t.teardown(() => bus.close())
  const heartbeats: ProducerHeartbeat[] = []
  const schema = Compile(ProducerHeartbeat)
  const connection = await bus.connection
  connection.subscribe(SUBJECTS.auditHeartbeat, {
    callback: (_error, message) => void heartbeats.push(schema.Parse(message.json()))
  })
  await connection.flush()
  const { spool, append } = await openShippedSpool(t, servers, temporaryDirectory(t), { heartbeatEveryMs: 20 })
  await append(5)
  await until(() => heartbeats.some(({ last_seq }) => last_seq === 6))
  t.same(heartbeats.at(-1), { producer: PRODUCER, boot: spool.boot, last_seq: 6 })
})
