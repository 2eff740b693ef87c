import { hash, randomUUID } from 'node:crypto'
import { ChangeMemory, Lease, SnapshotCache, systemInstantClock } from '@patgate/coherence'
import type { ResolveAnswer } from '@patgate/contracts'
import { createPrincipalCompiler } from '../services/gateway/src/verify/principal.ts'
import { type Resolution, resolutionOf } from '../services/gateway/src/verify/resolution.ts'

/*
 * `npm run bench:memory`: what one cached token costs a gateway, with its real cache, entries and compiler of principals:
 * a million tokens of 20,000 owners, each owner with roles and a scope set of their own. The goal is at most 400 bytes
 * each over the bare process (bench/RESULTS.md).
 */
const TOKENS = 1_000_000
const OWNERS = 20_000
const GROUPS = 2_000
const LEASE_MS = 3_600_000

const owners = Array.from({ length: OWNERS }, (_, index) => ({
  id: randomUUID(),
  email: `person-${index}@example.org`,
  name: `Person ${index}`
}))

/** As a gateway parses it: nothing is shared but what its compiler shares. */
function parsedAnswerFor(token: number): ResolveAnswer {
  return JSON.parse(JSON.stringify(answerFor(token)))
}

function answerFor(token: number): ResolveAnswer {
  const index = token % OWNERS
  const owner = owners[index] ?? { id: '', email: '', name: '' }
  const group = `group-${index % GROUPS}`
  const scopes = ['dashboard', 'dataset', 'base'].map((entityType) => ({
    id: randomUUID(),
    group,
    entity_type: entityType,
    entity_id: `${entityType}-${index}`,
    operations: ['read' as const, 'list' as const]
  }))
  return {
    as_of: 1_000,
    valid: true,
    snapshot: {
      kind: 'human',
      token_id: randomUUID(),
      session_id: null,
      owner,
      admin: false,
      expires_at: new Date(Date.UTC(2030, 0, 1) + token).toISOString(),
      issued_at: new Date(Date.UTC(2026, 0, 1) + token).toISOString(),
      scopes,
      access_level: null,
      roles: { [group]: 'analyst' },
      allowed_addresses: [],
      rate_limit: null
    }
  }
}

function settledMemory(): { heap: number; resident: number } {
  for (let round = 0; round < 3; round++) globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  return { heap: heapUsed + arrayBuffers, resident: rss }
}

const lease = new Lease(systemInstantClock)
const memory = new ChangeMemory()
const compile = createPrincipalCompiler()
lease.renew(systemInstantClock.read(), LEASE_MS)
const bare = settledMemory()

const cache = new SnapshotCache<Resolution>({ clock: systemInstantClock, lease, memory, capacity: TOKENS })
const startedAtMs = performance.now()
for (let token = 0; token < TOKENS; token++) {
  const digest = hash('sha256', `pat_${token}`)
  const outcome = cache.completeFill(cache.beginFill(), resolutionOf(digest, parsedAnswerFor(token), 'token', compile))
  if (outcome !== 'stored') throw new Error(`token ${token} was not kept: ${outcome}`)
}
const filledInMs = performance.now() - startedAtMs
const full = settledMemory()
const each = (bytes: number): string => `${(bytes / TOKENS).toFixed(0)} bytes each`
console.log(
  `${cache.size.toLocaleString('en')} tokens, ${OWNERS.toLocaleString('en')} scope sets, filled in ${(filledInMs / 1000).toFixed(1)} s`
)
console.log(`heap and buffers: ${each(full.heap - bare.heap)}`)
console.log(`resident: ${each(full.resident - bare.resident)}`)
