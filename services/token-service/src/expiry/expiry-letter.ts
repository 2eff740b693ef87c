import type { Letter } from '../mail/postbox.ts'
import type { ResponsibleFor } from '../mail/responsible-people.ts'

/** What everybody who is responsible for the token is told: which one it is, never what it is. */
export function expiryLetters(token: ResponsibleFor): Letter[] {
  const when = `${token.expires_at?.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const subject = `Token expires on ${when}: ${token.name}`
  const text = [
    `A personal access token ${token.whose} expires on ${when}:`,
    '',
    `  name  ${token.name}`,
    `  hint  ${token.hint}`,
    `  id    ${token.id}`,
    '',
    'From then on everything that uses it is refused. Rotate or regenerate it in time, or let it end if it is no longer needed.'
  ].join('\n')
  return token.recipients.map(({ email }) => ({ recipient: email, subject, text }))
}
