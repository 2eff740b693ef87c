import { isGroupSlug } from '@patgate/domain'

/** Which channel is looked at, as the address has it. */
export interface ChannelSearch {
  readonly group?: string
  readonly channel?: string
  readonly subtopic?: string
}

export const CHANNEL_NAME = /^[A-Za-z0-9_-]{1,64}$/

export function readChannelSearch({ group, channel, subtopic }: Readonly<Record<string, unknown>>): ChannelSearch {
  return {
    ...(typeof group === 'string' && isGroupSlug(group) ? { group } : {}),
    ...(typeof channel === 'string' && CHANNEL_NAME.test(channel) ? { channel } : {}),
    ...(typeof subtopic === 'string' && subtopic !== '' ? { subtopic } : {})
  }
}
