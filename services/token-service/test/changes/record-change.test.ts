import { connect } from '@nats-io/transport-node'
import { SUBJECTS } from '@patgate/contracts'
import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { BY_SERVICE } from '../../src/changes/event.ts'
import { commitChange } from '../../src/changes/record-change.ts'
import { openService } from '../support/service.ts'

const DRAFT = { type: 'token.updated', origin: BY_SERVICE, target: null } as const

test('commitChange', async (t) => {
  const service = await openService(t)
  const { deps } = service
  const head = () => deps.database.selectFrom('change_head').selectAll().executeTakeFirstOrThrow()

  await t.test(
    'numbers have no gap and follow the commits, under 20 mutations at once, some of which fail',
    async (t) => {
      const before = await head()
      const mutations = Array.from({ length: 20 }, (_, index) =>
        commitChange(deps, async () => {
          if (index % 5 === 0) throw new Error('given up')
          const change = { selector: null, event: { ...DRAFT, details: { index } } }
          return { result: index, changes: index % 2 === 0 ? [change] : [change, change] }
        })
      )
      const settled = await Promise.allSettled(mutations)
      t.equal(settled.filter(({ status }) => status === 'rejected').length, 4)
      const rows = await deps.database
        .selectFrom('changes')
        .select(['seq', 'change_id', 'event'])
        .where('seq', '>', before.seq)
        .orderBy('seq')
        .execute()
      t.equal(rows.length, 24)
      t.same(
        rows.map((row) => row.seq - before.seq),
        rows.map((_, index) => index + 1)
      )
      t.same(
        rows.map((row) => row.event.seq - before.event_seq),
        rows.map((_, index) => index + 1)
      )
      const after = await head()
      t.equal(after.seq, rows.at(-1)?.seq)
      t.equal(after.change_id, rows.at(-1)?.change_id)
    }
  )

  await t.test('nothing is committed where the log has no head: nobody would be told of it', async (t) => {
    const { database } = deps
    const kept = await head()
    await database.deleteFrom('change_head').execute()
    const now = new Date()
    const group = { slug: 'headless', name: 'x', created_at: now, created_by: '0198c0de-0000-7000-8000-000000000000' }
    const committing = commitChange(deps, async (transaction) => {
      await transaction.insertInto('groups').values(group).execute()
      return { result: null, changes: [{ selector: null, event: DRAFT }] }
    })
    await t.rejects(committing)
    t.same(await database.selectFrom('groups').select('slug').where('slug', '=', 'headless').execute(), [])
    await database.insertInto('change_head').values(kept).execute()
  })

  await t.test('what fails leaves neither state nor change', async (t) => {
    const before = await head()
    const failing = commitChange(deps, async (transaction) => {
      await transaction
        .insertInto('groups')
        .values({ slug: 'half', name: 'x', created_at: new Date(), created_by: '0198c0de-0000-7000-8000-000000000000' })
        .execute()
      throw new Error('given up')
    })
    await t.rejects(failing)
    t.same(await head(), before)
    t.equal((await deps.database.selectFrom('groups').selectAll().execute()).length, 0)
  })

  await t.test('what changes nothing writes nothing', async (t) => {
    const before = await head()
    const { result } = await commitChange(deps, async () => ({ result: 'as it was', changes: [] }))
    t.equal(result, 'as it was')
    t.same(await head(), before)
  })

  await t.test('an event is complete, and a secret that somebody pasted into a name is not in it', async (t) => {
    const admin = await service.asAdmin()
    const { id, secret } = await admin.createToken()
    await admin.createToken({ name: `copy of ${secret}` })
    const events = await deps.database.selectFrom('changes').select(['event', 'selector']).orderBy('seq').execute()
    const created = events.find(({ event }) => event.target?.id === id)
    t.match(created?.event, {
      producer: 'token-service',
      boot: (await head()).install_id,
      type: 'token.created',
      outcome: 'success',
      actor: { kind: 'session', id: admin.userId, session_id: String, address: '127.0.0.1' },
      target: { type: 'token', id },
      request: { method: 'POST', path: '/v1/tokens' },
      details: { owner_id: admin.userId }
    })
    t.match(created?.selector, { digests: [/^[0-9a-f]{64}$/] })
    const text = JSON.stringify(events.map(({ event }) => event))
    t.notMatch(text, secret)
    t.match(text, 'copy of [redacted]')
    const digests = await deps.database.selectFrom('secrets').select('digest').execute()
    for (const { digest } of digests) t.notMatch(text, digest.toString('hex'))
    t.notMatch(service.logs.text(), secret)
  })

  await t.test('each change is announced, with the number before it', async (t) => {
    const listener = await connect({ servers: service.servers.natsUrl })
    t.teardown(() => listener.close())
    const heard: { seq: number; prev_seq: number }[] = []
    listener.subscribe(SUBJECTS.changes, { callback: (_error, message) => void heard.push(message.json()) })
    await listener.flush()
    const { seq } = await head()
    const change = { selector: { all: true as const }, event: DRAFT }
    await commitChange(deps, async () => ({ result: null, changes: [change, change] }))
    await until(() => heard.length === 2)
    t.match(heard, [
      { seq: seq + 1, prev_seq: seq, selector: { all: true } },
      { seq: seq + 2, prev_seq: seq + 1 }
    ])
  })
})
