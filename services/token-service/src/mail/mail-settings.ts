import type { MailSettings } from './mail-transport.ts'

/** The settings of outgoing mail; null when none is wanted. What is wrong with them joins the other mistakes. */
export function mailSettings(url: string, from: string, mistakes: string[]): MailSettings | null {
  if (url === '' && from === '') return null
  if (url === '' || from === '') mistakes.push('SMTP_URL and MAIL_FROM: give both or neither')
  else if (!/^smtps?:\/\/./.test(url) || !URL.canParse(url)) {
    mistakes.push('SMTP_URL: needs an address that begins with smtp:// or smtps://')
  }
  return { url, from }
}
