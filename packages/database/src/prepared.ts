import { sql } from 'kysely'

const PREPARED = /\/\* prepared: ([a-z-]+) \*\//
const LAST = '/* and commit */'
/** Marks stand at the beginning, or right behind `select`: no long text is searched for them. */
const MARKED_WITHIN = 80

/**
 * SQL: marks a statement that PostgreSQL plans once per connection instead of at every call. For a few that are asked
 * all the time, whose plan is the same whatever their parameters are. Their text never varies, which `pg` checks by the name;
 * and they name their columns, because one that selects `*` fails on open connections once a migration adds a column.
 */
export function prepared(name: string) {
  return sql.raw(`/* prepared: ${name} */`)
}

/**
 * SQL: marks the last statement of a transaction, whose commit goes out together with it: what it locks is not held while
 * an answer travels. When it fails, the commit behind it is none. Whatever follows it in its transaction is refused.
 */
export function andCommit() {
  return sql.raw(LAST)
}

/** What the marks of a statement say. */
export interface Marks {
  readonly name: string | undefined
  readonly isLast: boolean
}

export function marksOf(text: string): Marks {
  const head = text.slice(0, MARKED_WITHIN)
  return { name: PREPARED.exec(head)?.[1], isLast: head.includes(LAST) }
}
