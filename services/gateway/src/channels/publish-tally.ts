import { type ChannelAddress, formatTopic } from '@patgate/domain'
import type { ChannelEvents, OnChannel } from '../audit/channel-events.ts'

interface Tally {
  readonly on: OnChannel
  messages: number
  bytes: number
}

/** Counts what is published on streams, and records it once a second for each token and channel (channels.md, "Audit"). */
export class PublishTally {
  readonly #events: ChannelEvents
  #tallies = new Map<string, Tally>()

  constructor(events: ChannelEvents) {
    this.#events = events
  }

  count(on: OnChannel, { group, channel }: ChannelAddress, bytes: number): void {
    const { tokenId, sessionId } = on.grant.principal
    const key = `${tokenId ?? sessionId} ${formatTopic({ group, channel, subtopic: [] })}`
    const tally = this.#tallies.get(key)
    if (tally === undefined) this.#tallies.set(key, { on, messages: 1, bytes })
    else {
      tally.messages++
      tally.bytes += bytes
    }
  }

  record(): void {
    const tallies = this.#tallies
    this.#tallies = new Map()
    for (const { on, messages, bytes } of tallies.values()) {
      this.#events.publishedLately(on, { messages, bytes, protocol: 'websocket' })
    }
  }
}
