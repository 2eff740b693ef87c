import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { test } from 'tap'
import { createApi } from '../support/api.ts'
import { effort } from '../support/effort.ts'
import { readMetric } from './metrics.ts'
import { sharedCluster } from './shared-cluster.ts'

const FLOOD = effort(4_000, 40_000)
const CLIENTS = 16
const REAL_TOKENS = 20
/** What the gateway keeps of digests that nobody has. */
const MOST_UNKNOWN = 10_000
const MOST_GROWTH_BYTES = 128 * 1024 * 1024
const DASHBOARDS = '/api/groups/demo/dashboards'
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

test('a flood of random well-formed tokens evicts no real one, and does not grow memory', async (t) => {
  const { run } = (await sharedCluster()).patgate
  const gateway = createApi(run.gateway_url)
  const opsUrl = run.gateway_ops_urls[0] ?? ''
  const admin = await gateway.signIn(run.admin.email, run.admin.password)
  const scopes = [{ group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['list' as const] }]
  const tokens: string[] = []
  for (let count = 0; count < REAL_TOKENS; count++) tokens.push((await admin.createToken({ scopes })).secret)
  const useAll = () => Promise.all(tokens.map(async (token) => (await gateway.call(DASHBOARDS, { token })).status))
  const entries = async (kind: string) => (await readMetric(opsUrl, 'patgate_l1_entries')).get(`kind="${kind}"`) ?? 0
  const misses = async () => (await readMetric(opsUrl, 'patgate_l1_lookups_total')).get('result="miss"') ?? 0
  const resident = async () => (await readMetric(opsUrl, 'process_resident_memory_bytes')).get('') ?? 0

  t.ok((await useAll()).every((status) => status === 200))
  const before = { known: await entries('known'), resident: await resident() }

  let left = FLOOD
  const answers = new Map<number, number>()
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const { status } = await gateway.call(DASHBOARDS, { token: randomToken() })
      answers.set(status, (answers.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  t.comment(`answers by status: ${JSON.stringify([...answers])}`)
  t.notOk(answers.has(200), 'none is accepted')
  t.ok((answers.get(401) ?? 0) > 0, 'they are looked up, and refused')

  t.equal(await entries('known'), before.known, 'what was known is still there')
  t.ok((await entries('unknown')) <= MOST_UNKNOWN, `${await entries('unknown')} unknown digests are kept`)
  const missed = await misses()
  t.ok((await useAll()).every((status) => status === 200))
  t.equal(await misses(), missed, 'the real tokens are all in memory still')
  const growth = (await resident()) - before.resident
  t.ok(growth < MOST_GROWTH_BYTES, `memory grew by ${(growth / 1024 / 1024).toFixed(0)} MiB`)
})

/** A token as api.md describes it, right in every character, that nobody has. */
function randomToken(): string {
  const random = Array.from({ length: 32 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  let rest = crc32(`pat_${random}`)
  let checksum = ''
  for (let digit = 0; digit < 6; digit++) {
    checksum = `${ALPHABET[rest % ALPHABET.length]}${checksum}`
    rest = Math.floor(rest / ALPHABET.length)
  }
  return `pat_${random}${checksum}`
}
