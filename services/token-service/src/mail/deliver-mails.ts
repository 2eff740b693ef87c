import type { Clock, Logger } from '@patgate/service-kit'
import type { Selectable } from 'kysely'
import type { Transporter } from 'nodemailer'
import type { MailsTable } from '../database/maintenance-tables.ts'
import type { Database, Write } from '../database/schema.ts'

export interface DeliverMailsDeps {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly transport: Pick<Transporter, 'sendMail'>
}

type Mail = Selectable<MailsTable>

const FIRST_RETRY_MS = 30_000
const LONGEST_RETRY_MS = 3_600_000
/** About a day of trying. */
const GIVE_UP_AFTER_ATTEMPTS = 30

/**
 * Sends what is due, one mail at a time. A mail's row is locked while it is sent and goes with the commit, so no two
 * processes send the same one. A process that dies after the server took a mail, and before the commit, leaves it to be
 * sent again under the same Message-ID: better twice than never. Answers how many were sent.
 */
export async function deliverMails(deps: DeliverMailsDeps, signal?: AbortSignal): Promise<number> {
  let sent = 0
  while (signal?.aborted !== true) {
    const outcome = await deps.database.transaction().execute((transaction) => deliverNext(deps, transaction))
    if (outcome === 'none') break
    if (outcome === 'sent') sent++
  }
  return sent
}

async function deliverNext(deps: DeliverMailsDeps, transaction: Write): Promise<'sent' | 'failed' | 'none'> {
  const now = new Date(deps.clock.now())
  const mail = await transaction
    .selectFrom('mails')
    .selectAll()
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  if (mail === undefined) return 'none'
  try {
    const { id, recipient: to, subject, text } = mail
    await deps.transport.sendMail({ to, subject, text, messageId: `<${id}@patgate>`, date: mail.created_at })
  } catch (error) {
    await putOff(deps, transaction, mail, error)
    return 'failed'
  }
  await transaction.deleteFrom('mails').where('id', '=', mail.id).execute()
  return 'sent'
}

async function putOff(deps: DeliverMailsDeps, transaction: Write, mail: Mail, error: unknown): Promise<void> {
  const attempts = mail.attempts + 1
  if (attempts >= GIVE_UP_AFTER_ATTEMPTS || isRefused(error)) {
    deps.logger.warn({ err: error, mail: mail.id, attempts }, 'a mail was given up')
    await transaction.deleteFrom('mails').where('id', '=', mail.id).execute()
    return
  }
  deps.logger.info({ err: error, mail: mail.id, attempts }, 'a mail could not be sent yet')
  const retryMs = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
  const reason = error instanceof Error ? error.message.slice(0, 500) : null
  await transaction
    .updateTable('mails')
    .set({ attempts, due_at: new Date(deps.clock.now() + retryMs), last_error: reason })
    .where('id', '=', mail.id)
    .execute()
}

/** A 5xx answer to this mail will be the same tomorrow (RFC 5321, section 4.2.1); one about us, such as a login, may not. */
function isRefused(error: unknown): boolean {
  const { responseCode, code } = error as { responseCode?: number; code?: string }
  return code === 'EENVELOPE' && responseCode !== undefined && responseCode >= 500
}
