import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createLogger } from '@patgate/service-kit'
import { captureLogs, type Teardown } from '@patgate/test-kit'
import { SMTPServer } from 'smtp-server'
import { test } from 'tap'
import { deliverMails } from '../../src/mail/deliver-mails.ts'
import { openMailTransport } from '../../src/mail/mail-transport.ts'
import { closedPostbox, openPostbox } from '../../src/mail/postbox.ts'
import { HOUR_MS, openLedger } from '../support/ledger.ts'

test('mails', async (t) => {
  const { deps, clock } = await openLedger(t)
  const { database } = deps
  const server = await startMailServer(t)
  const transport = openMailTransport({ url: server.url, from: 'patgate <patgate@example.org>' })
  t.teardown(() => transport.close())
  const logs = captureLogs()
  const logger = createLogger('token-service', 'info', logs.stream)
  const deliver = () => deliverMails({ database, clock, logger, transport })
  const post = (recipient: string, text = 'Hello.', postbox = openPostbox) =>
    database
      .transaction()
      .execute((transaction) =>
        postbox.post(transaction, [{ recipient, subject: 'Token expires: x', text }], new Date(clock.now()))
      )
  const waiting = () => database.selectFrom('mails').selectAll().execute()

  await t.test('arrive once, from the sender that is configured, however many deliver', async (t) => {
    await post('olga@example.org')
    await post('max@example.org')
    const sent = await Promise.all([deliver(), deliver()])
    t.equal(
      sent.reduce((sum, count) => sum + count, 0),
      2
    )
    t.same(server.mails.map(({ to }) => to).sort(), ['max@example.org', 'olga@example.org'])
    t.match(server.mails[0]?.text, /From: patgate <patgate@example\.org>/)
    t.match(server.mails[0]?.text, /Subject: Token expires: x/)
    t.match(server.mails[0]?.text, /Message-ID: <[0-9a-f-]{36}@patgate>/)
    t.equal(await deliver(), 0)
    t.same(await waiting(), [])
  })

  await t.test('wait while the server cannot take them, and go when it can', async (t) => {
    await post('olga@example.org')
    server.behave('busy')
    t.equal(await deliver(), 0)
    t.match(await waiting(), [{ recipient: 'olga@example.org', attempts: 1 }])
    server.behave('ok')
    t.equal(await deliver(), 0, 'not at once')
    clock.advance(30_000)
    t.equal(await deliver(), 1)
    t.same(await waiting(), [])
  })

  await t.test('to an address that the server refuses are given up, and hold up no others', async (t) => {
    await post('nobody@example.org')
    await post('olga@example.org')
    t.equal(await deliver(), 1)
    t.same(await waiting(), [])
    t.match(logs.text(), /a mail was given up/)
    t.notMatch(logs.text(), /nobody@example\.org.*Hello/)
  })

  await t.test('show no secret that somebody put into a name', async (t) => {
    await post('olga@example.org', 'pat_7Kp3Vx9QmZt2LrW8bNc5HdY1sGfJ4aTe2iOIMg')
    await deliver()
    t.match(server.mails.at(-1)?.text, /\[redacted\]/)
  })

  await t.test('are not written where no server is configured', async (t) => {
    await post('olga@example.org', 'Hello.', closedPostbox)
    clock.advance(HOUR_MS)
    t.same(await waiting(), [])
  })
})

interface MailServer {
  readonly url: string
  readonly mails: { to: string; text: string }[]
  behave(how: 'ok' | 'busy'): void
}

/** A real SMTP server that keeps what it is given, and knows everybody but `nobody`. */
async function startMailServer(t: Teardown): Promise<MailServer> {
  const mails: MailServer['mails'] = []
  let behaviour: 'ok' | 'busy' = 'ok'
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      if (behaviour === 'busy') return done(Object.assign(new Error('try again later'), { responseCode: 451 }))
      if (address.startsWith('nobody@')) return done(Object.assign(new Error('no such user'), { responseCode: 550 }))
      done()
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join()
        mails.push({ to, text: Buffer.concat(chunks).toString() })
        done()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    behave: (how) => {
      behaviour = how
    }
  }
}
