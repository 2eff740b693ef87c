import { isGroupSlug } from './scope.ts'

/**
 * Where messages go: one channel of one group, and a place below it (channels.md).
 *
 * It is written as an HTTP path or MQTT topic, `m/<group>/c/<channel>[/<subtopic>…]`, and as a NATS subject,
 * `m.<group>.c.<channel>[.<subtopic>…]`. Neither `/` nor `.` may be in a segment, so the two forms are a bijection:
 * no address has two spellings, and no spelling leaves its group and channel.
 */
export interface ChannelAddress {
  readonly group: string
  readonly channel: string
  /** 0–10 segments. */
  readonly subtopic: readonly string[]
}

/**
 * What a subscription asks for: an address in whose subtopic whole segments may be wildcards, `+` for one segment and a
 * last `#` for the rest, be it nothing. There are none in group or channel. An address is a filter of itself.
 */
export type ChannelFilter = ChannelAddress

/** A channel's name, which is the entity id of its scopes. */
export const CHANNEL_NAME_PATTERN = '^[A-Za-z0-9_-]{1,64}$'

/** The type of entity that scopes on channels are about. */
export const CHANNEL_ENTITY_TYPE = 'channel'

/** One segment, any. */
export const ANY_SEGMENT = '+'
/** The rest, which may be nothing. */
export const ANY_REST = '#'

const MOST_SUBTOPIC_SEGMENTS = 10

const channelName = new RegExp(CHANNEL_NAME_PATTERN)
// Longer than any identifier; ten of them stay far below what a NATS server takes as one subject.
const subtopicSegment = /^[A-Za-z0-9_~-]{1,128}$/

export function isChannelName(text: string): boolean {
  return channelName.test(text)
}

/** Reads a topic; null when it is not the address of anything. */
export function parseTopic(topic: string): ChannelAddress | null {
  return addressOf(topic.split('/'))
}

/** Reads a NATS subject; null when it is not the address of anything. */
export function parseSubject(subject: string): ChannelAddress | null {
  return addressOf(subject.split('.'))
}

/** Reads what an MQTT client subscribes to; null when no subscription may be like that. */
export function parseTopicFilter(filter: string): ChannelFilter | null {
  return filterOf(filter.split('/'))
}

/** Reads what a NATS client subscribes to, with `*` and `>`; null when no subscription may be like that. */
export function parseSubjectFilter(filter: string): ChannelFilter | null {
  const segments = filter.split('.')
  if (segments.includes(ANY_SEGMENT) || segments.includes(ANY_REST)) return null
  return filterOf(segments.map((segment) => TOPIC_WILDCARDS.get(segment) ?? segment))
}

/** Continues an address by a pattern, as in `?subtopic=`; null when that is not a filter. */
export function filterBelow(address: ChannelAddress, pattern: string): ChannelFilter | null {
  return filterOf([...segmentsOf(address), ...pattern.split('/')])
}

export function formatTopic(filter: ChannelFilter): string {
  return segmentsOf(filter).join('/')
}

export function formatSubject(filter: ChannelFilter): string {
  return segmentsOf(filter)
    .map((segment) => SUBJECT_WILDCARDS.get(segment) ?? segment)
    .join('.')
}

/**
 * The subjects that together are what a filter matches: two where it ends in `#`, which includes the place above it,
 * while NATS's `>` does not.
 */
export function subjectsMatching(filter: ChannelFilter): string[] {
  if (filter.subtopic.at(-1) !== ANY_REST) return [formatSubject(filter)]
  return [formatSubject({ ...filter, subtopic: filter.subtopic.slice(0, -1) }), formatSubject(filter)]
}

/** True when a message published at the address reaches who subscribed to the filter. */
export function matchesFilter(filter: ChannelFilter, { group, channel, subtopic }: ChannelAddress): boolean {
  if (filter.group !== group || filter.channel !== channel) return false
  for (const [index, wanted] of filter.subtopic.entries()) {
    if (wanted === ANY_REST) return true
    const segment = subtopic[index]
    if (segment === undefined || (wanted !== ANY_SEGMENT && wanted !== segment)) return false
  }
  return filter.subtopic.length === subtopic.length
}

const TOPIC_WILDCARDS: ReadonlyMap<string, string> = new Map([
  ['*', ANY_SEGMENT],
  ['>', ANY_REST]
])
const SUBJECT_WILDCARDS: ReadonlyMap<string, string> = new Map([
  [ANY_SEGMENT, '*'],
  [ANY_REST, '>']
])

function segmentsOf({ group, channel, subtopic }: ChannelFilter): string[] {
  return ['m', group, 'c', channel, ...subtopic]
}

function addressOf(segments: readonly string[]): ChannelAddress | null {
  const filter = filterOf(segments)
  return filter?.subtopic.every((segment) => subtopicSegment.test(segment)) ? filter : null
}

function filterOf([root, group = '', mark, channel = '', ...subtopic]: readonly string[]): ChannelFilter | null {
  if (root !== 'm' || mark !== 'c' || !isGroupSlug(group) || !isChannelName(channel)) return null
  if (subtopic.length > MOST_SUBTOPIC_SEGMENTS) return null
  const last = subtopic.length - 1
  const isAllowed = (segment: string, index: number): boolean =>
    segment === ANY_SEGMENT || (segment === ANY_REST && index === last) || subtopicSegment.test(segment)
  return subtopic.every(isAllowed) ? { group, channel, subtopic } : null
}
