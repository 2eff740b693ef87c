import { type Change, ChangeMemory, type Instant, Lease } from '@patgate/coherence'
import type { ChangeSelector } from '@patgate/contracts'
import type { Grant } from '../../src/decision/authorise.ts'
import type { Reconsideration } from '../../src/decision/reconsider.ts'
import type { CutReason, OpenStream } from '../../src/streams/open-stream.ts'
import { createStreamRegistry, type Registration, type StreamRegistry } from '../../src/streams/stream-registry.ts'
import { createPrincipalCompiler } from '../../src/verify/principal.ts'
import { digestOf } from '../../src/verify/verifier.ts'
import { scope } from '../support/token-service.ts'

/** What a control switches off, to see that the invariants find it. */
export type Sabotage = 'none' | 'answers are never too old' | 'the lease is never over'

const LEASE_MS = 2_000
const TOKENS = ['one', 'two', 'three'] as const
const EXPIRES_AT_MS = 40_000

/** A token as the truth has it: whether it is valid, after each change. */
interface TruthOfToken {
  readonly selector: ChangeSelector
  readonly isValidAt: boolean[]
}

interface Question {
  readonly asOf: number
  readonly token: number
  readonly answer: (outcome: Reconsideration) => void
  readonly fail: () => void
}

/** A stream that keeps what the registry did with it. */
class ModelStream implements OpenStream {
  readonly kind = 'websocket'
  readonly isEndless = true
  readonly grant: Grant
  readonly token: number
  isHeld = false
  cuts: CutReason[] = []
  registration: Registration | null = null

  constructor(grant: Grant, token: number) {
    this.grant = grant
    this.token = token
  }

  hold(): void {
    if (this.isHeld || this.cuts.length > 0) throw new Error('held twice, or after its end')
    this.isHeld = true
  }

  release(): void {
    if (!this.isHeld || this.cuts.length > 0) throw new Error('released without need')
    this.isHeld = false
  }

  cut(reason: CutReason): void {
    this.cuts.push(reason)
  }
}

/** One gateway's registry, a change log that it follows, and a truth that is asked and takes its time. */
export class RegistryWorld {
  readonly streams: ModelStream[] = []
  readonly #registry: StreamRegistry
  readonly #memory = new ChangeMemory()
  readonly #lease: Lease
  readonly #log: Change[] = []
  readonly #truth: TruthOfToken[]
  readonly #questions: Question[] = []
  readonly #grants: Grant[]
  #now: Instant = { monotonicMs: 0, wallMs: 0 }
  #appliedSeq = 0

  constructor(sabotage: Sabotage) {
    const clock = { read: () => this.#now }
    this.#lease = new Lease(clock)
    this.#lease.renew(this.#now, LEASE_MS)
    this.#grants = TOKENS.map((name, index) => grantOf(name, index === 2 ? EXPIRES_AT_MS : null))
    this.#truth = this.#grants.map(({ credential, principal }, index) => ({
      selector: index === 0 ? { digests: [digestOf(credential)] } : { owner_id: principal.owner.id },
      isValidAt: [true]
    }))
    this.#registry = createStreamRegistry({
      instants: clock,
      clock: { now: () => this.#now.wallMs },
      lease: sabotage === 'the lease is never over' ? { isLive: () => true } : this.#lease,
      memory: sabotage === 'answers are never too old' ? { isCurrent: () => true } : this.#memory,
      reconsider: (grant) => this.#ask(this.#grants.indexOf(grant))
    })
  }

  /** A request for a stream, decided as of what this gateway had applied `behind` changes ago. */
  open(token: number, behind: number): void {
    const asOf = Math.max(0, this.#appliedSeq - behind)
    const grant = this.#grants[token]
    if (grant === undefined || this.#truth[token]?.isValidAt[asOf] !== true || this.#isExpired(token)) return
    const stream = new ModelStream({ ...grant, asOf }, token)
    // The registry asks by the grant it was given.
    this.#grants.push(stream.grant)
    this.streams.push(stream)
    stream.registration = this.#registry.register(stream)
  }

  /** The token's right is taken, or given back; the gateway hears of it later. */
  mutate(token: number, isValid: boolean): void {
    const selector = this.#truth[token]?.selector ?? null
    this.#log.push({ seq: this.#log.length + 1, change_id: `c${this.#log.length}`, selector })
    for (const [index, { isValidAt }] of this.#truth.entries()) {
      isValidAt.push(index === token ? isValid : (isValidAt.at(-1) ?? false))
    }
  }

  /** One change reaches the gateway; whoever waits for it may believe that it is in force. */
  deliver(): void {
    const change = this.#log[this.#appliedSeq]
    if (change === undefined) return
    this.#memory.remember(change)
    this.#appliedSeq = change.seq
    this.#registry.apply(change)
  }

  renew(): void {
    while (this.#appliedSeq < this.#log.length) this.deliver()
    this.#lease.renew(this.#now, LEASE_MS)
  }

  advance(ms: number): void {
    this.#now = { monotonicMs: this.#now.monotonicMs + ms, wallMs: this.#now.wallMs + ms }
  }

  sweep(): void {
    this.#registry.sweep()
  }

  /** Answers one question with what was true when it was asked, or not at all. */
  async answer(at: number, isFailure: boolean): Promise<void> {
    const [question] = this.#questions.splice(at % Math.max(1, this.#questions.length), 1)
    if (question === undefined) return
    const { token, asOf } = question
    const principal = this.#grants[token]?.principal
    const isValid = this.#truth[this.#tokenOf(token)]?.isValidAt[asOf] === true
    if (isFailure || principal === undefined) question.fail()
    else if (isValid) question.answer({ allowed: true, principal, asOf })
    else question.answer({ allowed: false, reason: 'revoked' })
    await settled()
  }

  /** What may never be: null, or what was found. */
  violation(): string | null {
    for (const stream of this.streams) {
      const mayPass = stream.registration?.mayPass() === true
      if (!mayPass) continue
      if (stream.isHeld || stream.cuts.length > 0) return 'passes although it is held or over'
      if (!this.#lease.isLive()) return 'passes without a lease'
      if (this.#isExpired(stream.token)) return 'passes after its end'
      const since = this.#truth[stream.token]?.isValidAt.slice(this.#appliedSeq) ?? []
      if (!since.includes(true)) return 'passes although an applied change has taken its right'
    }
    return this.streams.some(({ cuts }) => cuts.length > 1) ? 'was cut twice' : null
  }

  /** Everything comes in, every question is answered: null, or whose stream is not as it should be. */
  async settle(): Promise<string | null> {
    for (let turn = 0; turn < 4; turn++) {
      this.renew()
      this.sweep()
      while (this.#questions.length > 0) await this.answer(0, false)
    }
    for (const { token, isHeld, cuts } of this.streams) {
      const mayStay = this.#truth[token]?.isValidAt.at(-1) === true && !this.#isExpired(token)
      if (!mayStay && cuts.length === 0) return 'a stream without a right is open'
      if (mayStay && cuts.length === 0 && isHeld) return 'a stream with a right is held'
    }
    return null
  }

  #ask(token: number): Promise<Reconsideration> {
    const { promise, resolve, reject } = Promise.withResolvers<Reconsideration>()
    // What is read may be as old as what this gateway has applied, and no older (coherence.md, "Resolve").
    this.#questions.push({ token, asOf: this.#appliedSeq, answer: resolve, fail: () => reject(new Error('no answer')) })
    return promise
  }

  #tokenOf(grantIndex: number): number {
    const digest = this.#grants[grantIndex]?.credential.secret
    return this.#grants.findIndex(({ credential }) => credential.secret === digest)
  }

  #isExpired(token: number): boolean {
    return token === 2 && this.#now.wallMs >= EXPIRES_AT_MS
  }
}

/** Until what was answered has been taken in. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}

const compile = createPrincipalCompiler()

function grantOf(name: string, expiresAtMs: number | null): Grant {
  const principal = compile({
    kind: 'human',
    token_id: name,
    session_id: null,
    owner: { id: `owner of ${name}`, email: '', name },
    admin: false,
    expires_at: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
    issued_at: new Date(0).toISOString(),
    scopes: [scope('dashboard', ['read'])],
    access_level: null,
    roles: { demo: 'owner' },
    allowed_addresses: [],
    rate_limit: null
  })
  const ask = { group: 'demo', entityType: 'dashboard', entityId: '*', operation: 'read' } as const
  return {
    principal,
    credential: { kind: 'token', secret: name, userName: '' },
    claim: { asks: [ask], rules: { ownerCheck: 'role', sessions: true }, address: null },
    ask,
    role: 'owner',
    asOf: 0,
    carrier: { kind: 'header', name: 'authorization' },
    isStale: false
  }
}
