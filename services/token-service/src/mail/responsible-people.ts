import { sql } from 'kysely'
import type { Write } from '../database/schema.ts'

/** A token that somebody is to be told of, and who that is. */
export interface ResponsibleFor {
  readonly id: string
  readonly name: string
  readonly hint: string
  readonly expires_at: Date | null
  readonly owner_id: string
  /** The group whose bot the owner is. */
  readonly home_group: string | null
  /** For a sentence: "of yours", or of which bot. */
  readonly whose: string
  readonly recipients: readonly { readonly id: string; readonly email: string }[]
}

/**
 * A person hears of their own tokens; a bot has no mailbox, so its group's maintainers and owners hear of its tokens.
 * Nobody who is disabled hears of anything.
 */
export async function readResponsible(transaction: Write, tokenIds: readonly string[]): Promise<ResponsibleFor[]> {
  if (tokenIds.length === 0) return []
  const { rows } = await sql<ResponsibleFor>`
    select token.id, token.name, secret.hint, token.expires_at, owner.id as owner_id, owner.home_group,
      case when owner.kind = 'bot' then 'of the bot ' || owner.name || coalesce(' in ' || owner.home_group, '')
        else 'of yours' end as whose,
      (select coalesce(jsonb_agg(jsonb_build_object('id', person.id, 'email', person.email) order by person.id), '[]')
        from users person
        where person.kind = 'human' and person.disabled_at is null and (
          person.id = owner.id or (owner.kind = 'bot' and exists (
            select from memberships
            where group_slug = owner.home_group and user_id = person.id and role in ('maintainer', 'owner')
          ))
        )
      ) as recipients
    from tokens token
    join users owner on owner.id = token.owner_id
    join secrets secret on secret.token_id = token.id and secret.retired_at is null
    where token.id = any(${tokenIds}::uuid[])
    order by token.expires_at, token.id`.execute(transaction)
  return rows
}
