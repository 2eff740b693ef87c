import { type RawBuilder, type SqlBool, sql } from 'kysely'

/**
 * That a text occurs in what the column `event` says, in whatever case: in names, ids, paths, reasons and the values of
 * its details, but not in the names of its fields, which all events share.
 */
export function occurs(text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return sql<SqlBool>`(
    concat_ws(
      e'\n', event ->> 'id', event ->> 'producer', event ->> 'type', event ->> 'group', event ->> 'operation',
      event ->> 'reason', event #>> '{actor,id}', event #>> '{actor,name}', event #>> '{actor,token_id}',
      event #>> '{actor,address}', event #>> '{actor,user_agent}', event #>> '{target,type}', event #>> '{target,id}',
      event #>> '{request,id}', event #>> '{request,method}', event #>> '{request,path}'
    ) ilike ${pattern}
    or exists (
      select from jsonb_path_query(event -> 'details', 'strict $.** ? (@.type() == "string")') as said
      where said #>> '{}' ilike ${pattern}
    )
  )`
}
