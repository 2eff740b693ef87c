import {
  type ChannelAddress,
  type ChannelFilter,
  filterBelow,
  formatSubject,
  formatTopic,
  matchesFilter,
  parseSubject,
  parseSubjectFilter,
  parseTopic,
  parseTopicFilter,
  subjectsMatching
} from '@patgate/domain'
import fc from 'fast-check'
import t from 'tap'

const group = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,62}$/)
const channel = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
const segment = fc.oneof(fc.constantFrom('a', 'b', '~', '-'), fc.stringMatching(/^[A-Za-z0-9_~-]{1,128}$/))
const address: fc.Arbitrary<ChannelAddress> = fc.record({
  group,
  channel,
  subtopic: fc.array(segment, { maxLength: 10 })
})
const filter: fc.Arbitrary<ChannelFilter> = fc
  .tuple(address, fc.array(fc.nat({ max: 9 })), fc.boolean())
  .map(([{ subtopic, ...place }, wild, isOpen]) => {
    const segments = subtopic.map((text, index) => (wild.includes(index) ? '+' : text))
    return { ...place, subtopic: isOpen ? [...segments.slice(0, 9), '#'] : segments }
  })

/** What an attacker would write: nearly an address, or text that some broker gives a meaning. */
const hostileSegment = fc.oneof(
  segment,
  fc.constantFrom('m', 'c', '', '.', '..', '+', '#', '*', '>', '$', '$SYS', '$JS', '$MQTT', '_INBOX', 'a.b', 'a/b'),
  fc.constantFrom('a b', '%2F', '%2e', '\u0000', 'ä', '\u212a', 'a\n', '\ud800', 'x'.repeat(129)),
  fc.string({ unit: 'binary', maxLength: 3 })
)
const hostileText = (separator: string) =>
  fc.oneof(
    fc.array(hostileSegment, { maxLength: 14 }).map((segments) => segments.join(separator)),
    fc.array(hostileSegment, { maxLength: 12 }).map((segments) => ['m', 'g', 'c', ...segments].join(separator))
  )

t.test('topic and subject of an address read back as what was written', async () => {
  fc.assert(
    fc.property(address, (original) => {
      const [topic, subject] = [formatTopic(original), formatSubject(original)]
      const same = JSON.stringify(original)
      return JSON.stringify(parseTopic(topic)) === same && JSON.stringify(parseSubject(subject)) === same
    })
  )
})

t.test('whatever is read as an address is its only spelling, on the topic and on the subject side', async () => {
  fc.assert(
    fc.property(hostileText('/'), (topic) => {
      const read = parseTopic(topic)
      return read === null || (formatTopic(read) === topic && parseSubject(formatSubject(read)) !== null)
    }),
    { numRuns: 2_000 }
  )
  fc.assert(
    fc.property(hostileText('.'), (subject) => {
      const read = parseSubject(subject)
      return read === null || (formatSubject(read) === subject && parseTopic(formatTopic(read)) !== null)
    }),
    { numRuns: 2_000 }
  )
})

t.test(
  'no topic leaves the prefix of its group and channel, and none carries what a broker gives a meaning',
  async () => {
    fc.assert(
      fc.property(hostileText('/'), (topic) => {
        const read = parseTopic(topic)
        if (read === null) return true
        const subject = formatSubject(read)
        return subject.startsWith(`m.${read.group}.c.${read.channel}`) && /^m(?:\.[A-Za-z0-9_~-]+)+$/.test(subject)
      }),
      { numRuns: 2_000 }
    )
  }
)

t.test('two addresses never share a subject', async () => {
  fc.assert(
    fc.property(address, address, (one, other) => {
      return (formatSubject(one) === formatSubject(other)) === (formatTopic(one) === formatTopic(other))
    })
  )
})

t.test('filters are a bijection too, and every address is a filter of itself alone', async () => {
  fc.assert(
    fc.property(filter, address, (wanted, place) => {
      const same = JSON.stringify(wanted)
      return (
        JSON.stringify(parseTopicFilter(formatTopic(wanted))) === same &&
        JSON.stringify(parseSubjectFilter(formatSubject(wanted))) === same &&
        matchesFilter(place, place)
      )
    })
  )
  fc.assert(
    fc.property(
      address,
      address,
      (one, other) => matchesFilter(one, other) === (formatTopic(one) === formatTopic(other))
    )
  )
})

t.test('a filter matches what its subjects match by the rules of NATS', async () => {
  const few = fc.constantFrom('a', 'b')
  const place = fc
    .array(few, { maxLength: 4 })
    .map((subtopic): ChannelAddress => ({ group: 'g', channel: 'c', subtopic }))
  const pattern = fc
    .tuple(fc.array(fc.constantFrom('a', 'b', '+'), { maxLength: 4 }), fc.boolean())
    .map(([segments, isOpen]): ChannelFilter => {
      return { group: 'g', channel: 'c', subtopic: isOpen ? [...segments, '#'] : segments }
    })
  fc.assert(
    fc.property(pattern, place, (wanted, published) => {
      const subject = formatSubject(published)
      const isReached = subjectsMatching(wanted).some((pattern) => matchesInNats(pattern, subject))
      return matchesFilter(wanted, published) === isReached
    }),
    { numRuns: 1_000 }
  )
})

t.test('what is not an address is refused', async (t) => {
  const most = Array.from({ length: 10 }, () => 'x').join('/')
  const table: [topic: string, isAddress: boolean, isFilter: boolean][] = [
    ['m/demo/c/news', true, true],
    ['m/demo/c/News_1-x/a/B/~', true, true],
    [`m/demo/c/news/${most}`, true, true],
    [`m/demo/c/news/${most}/x`, false, false],
    ['m/demo/c/news/+', false, true],
    ['m/demo/c/news/+/a/#', false, true],
    ['m/demo/c/news/#', false, true],
    ['m/demo/c/news/#/a', false, false],
    ['m/demo/c/news/a+', false, false],
    ['m/demo/c/+', false, false],
    ['m/demo/c/#', false, false],
    ['m/+/c/news', false, false],
    ['#', false, false],
    ['+/demo/c/news', false, false],
    ['m/demo/c', false, false],
    ['m/demo/c/', false, false],
    ['m/demo/c/news/', false, false],
    ['/m/demo/c/news', false, false],
    ['m//c/news', false, false],
    ['m/Demo/c/news', false, false],
    ['m/demo/d/news', false, false],
    ['m/demo/c/a.b', false, false],
    ['m/demo/c/news/a.b', false, false],
    ['m/demo/c/news/a b', false, false],
    ['m/demo/c/news/*', false, false],
    ['m/demo/c/news/>', false, false],
    ['m/demo/c/news/$a', false, false],
    ['m/demo/c/news/a%2Fb', false, false],
    ['m/demo/c/news/a\u0000', false, false],
    ['m/demo/c/news/a\n', false, false],
    ['m/demo/c/news/é', false, false],
    [`m/demo/c/${'x'.repeat(65)}`, false, false],
    [`m/demo/c/news/${'x'.repeat(129)}`, false, false],
    ['$SYS/x', false, false],
    ['$JS/API', false, false],
    ['$MQTT/sess', false, false],
    ['_INBOX/x', false, false],
    ['', false, false]
  ]
  for (const [topic, isAddress, isFilter] of table) {
    t.equal(parseTopic(topic) !== null, isAddress, `address: ${JSON.stringify(topic)}`)
    t.equal(parseTopicFilter(topic) !== null, isFilter, `filter: ${JSON.stringify(topic)}`)
  }
  t.equal(parseSubjectFilter('m.demo.c.news.+'), null, 'a wildcard of the other form')
  t.equal(parseSubjectFilter('m.demo.c.news.#'), null)
})

t.test('a pattern continues the address it is given for', async (t) => {
  const place: ChannelAddress = { group: 'demo', channel: 'news', subtopic: ['sport'] }
  t.equal(formatTopic(filterBelow(place, '+/x/#') ?? place), 'm/demo/c/news/sport/+/x/#')
  for (const pattern of ['', '/', '+/', '#/a', '../x', 'a.b', '*']) t.equal(filterBelow(place, pattern), null, pattern)
})

/** The rules of NATS, written down once more: `*` is one token, `>` is one or more. */
function matchesInNats(pattern: string, subject: string): boolean {
  const expression = pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replaceAll('>', '.+')
  return new RegExp(`^${expression}$`).test(subject)
}
