import type { BotBody } from '@patgate/contracts'
import { useQuery } from '@tanstack/react-query'
import { botsQuery } from '../groups/group-queries.ts'

export interface GroupBot extends BotBody {
  readonly group: string
}

/** The bot that an address names; null where it names none, or one that is not the reader's to see. */
export function useBot(group: string | undefined, id: string | undefined): GroupBot | null {
  const { data: bots = [] } = useQuery({ ...botsQuery(group ?? ''), enabled: group !== undefined && id !== undefined })
  const bot = bots.find((one) => one.id === id)
  return bot === undefined || group === undefined ? null : { ...bot, group }
}
