import { redactSecrets } from '@patgate/service-kit'
import { v7 as uuidv7 } from 'uuid'
import type { Write } from '../database/schema.ts'

/** A mail to one person. */
export interface Letter {
  readonly recipient: string
  readonly subject: string
  readonly text: string
}

/** Where use cases put mails: they are sent if, and only if, what they tell of has committed. */
export interface Postbox {
  post(transaction: Write, letters: readonly Letter[], now: Date): Promise<void>
}

/** Where no mail server is configured nothing is written: nobody would ever send it. */
export const closedPostbox: Postbox = { post: async () => undefined }

/** Writes mails into the table from which `deliverMails` sends them. Names may hold a secret that somebody pasted. */
export const openPostbox: Postbox = {
  async post(transaction, letters, now) {
    if (letters.length === 0) return
    const rows = letters.map(({ recipient, subject, text }) => ({
      id: uuidv7(),
      recipient,
      subject: redactSecrets(subject),
      text: redactSecrets(text),
      created_at: now,
      due_at: now
    }))
    await transaction.insertInto('mails').values(rows).execute()
  }
}
