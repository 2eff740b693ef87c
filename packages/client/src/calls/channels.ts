import type { PublishedMessage } from '@patgate/contracts'
import { type CallOptions, type ClientOptions, type Open, path, urlOf } from '../http.ts'

/** A channel, and what is below it. */
export interface ChannelAddress {
  readonly group: string
  readonly channel: string
  /** Segments with `/` between them; a subscriber may use the wildcards `+` and `#` in it. Empty for the channel itself. */
  readonly subtopic?: string
}

export interface Message {
  readonly body: string
  readonly contentType: string
}

/** Messages on channels, over HTTP and WebSocket. */
export interface ChannelCalls {
  /** Resolves when the message is stored. */
  publish(address: ChannelAddress, message: Message, options?: CallOptions): Promise<PublishedMessage>
  /**
   * Where a `WebSocket` subscribes: each text frame is a `ChannelEnvelope` as JSON. In browsers, at the console's listener,
   * the cookie is the credential; elsewhere offer `patgate.v1` and `patgate.token.<token>` as protocols.
   */
  subscriptionUrl(address: ChannelAddress, from?: number | 'all'): string
}

export function channelCalls(open: Open, options: ClientOptions): ChannelCalls {
  return {
    async publish({ group, channel, subtopic = '' }, { body, contentType }, callOptions) {
      const segments = subtopic === '' ? [] : subtopic.split('/')
      const target = segments.reduce((base, segment) => base + path`/${segment}`, path`/m/${group}/c/${channel}`)
      const headers = { 'content-type': contentType }
      const response = await open({ ...callOptions, method: 'POST', path: target, text: body, headers })
      return (await response.json()) as PublishedMessage
    },
    subscriptionUrl({ group, channel, subtopic }, from) {
      const query = { ...(subtopic ? { subtopic } : {}), ...(from === undefined ? {} : { from }) }
      return urlOf(options, path`/m/${group}/c/${channel}`, query).replace(/^http/, 'ws')
    }
  }
}
