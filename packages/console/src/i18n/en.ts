import { session } from './en/session.ts'
import { shell } from './en/shell.ts'
import { words } from './en/words.ts'

export const en = { words, shell, session }
