import type { SameKeys } from './catalogue.ts'
import type { en } from './en.ts'
import { admin } from './fr/admin.ts'
import { audit } from './fr/audit.ts'
import { channels } from './fr/channels.ts'
import { groups } from './fr/groups.ts'
import { policy } from './fr/policy.ts'
import { scopes } from './fr/scopes.ts'
import { session } from './fr/session.ts'
import { shell } from './fr/shell.ts'
import { tokenPage } from './fr/token-page.ts'
import { tokens } from './fr/tokens.ts'
import { words } from './fr/words.ts'

export const fr: SameKeys<typeof en> = {
  words,
  shell,
  session,
  tokens,
  tokenPage,
  scopes,
  groups,
  policy,
  audit,
  channels,
  admin
}
