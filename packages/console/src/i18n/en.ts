import { admin } from './en/admin.ts'
import { audit } from './en/audit.ts'
import { channels } from './en/channels.ts'
import { groups } from './en/groups.ts'
import { policy } from './en/policy.ts'
import { scopes } from './en/scopes.ts'
import { session } from './en/session.ts'
import { shell } from './en/shell.ts'
import { tokenPage } from './en/token-page.ts'
import { tokens } from './en/tokens.ts'
import { words } from './en/words.ts'

export const en = { words, shell, session, tokens, tokenPage, scopes, groups, policy, audit, channels, admin }
