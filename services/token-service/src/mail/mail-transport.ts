import { createTransport, type Transporter } from 'nodemailer'

export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string
  readonly from: string
}

const SMTP_TIMEOUT_MS = 20_000

/** One connection to the mail server, kept for a while between mails. The sender stands in every mail. */
export function openMailTransport({ url, from }: MailSettings): Transporter {
  return createTransport(
    {
      url,
      pool: true,
      maxConnections: 1,
      connectionTimeout: SMTP_TIMEOUT_MS,
      greetingTimeout: SMTP_TIMEOUT_MS,
      socketTimeout: SMTP_TIMEOUT_MS
    },
    { from }
  )
}
