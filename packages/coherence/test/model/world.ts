import { WAIT_MARGIN_MS } from '../../src/index.ts'
import { Gateway, type Holder, type ModelAnswer, ModelClock, type ModelEntry, TokenService } from './holder.ts'
import { ModelLog, SELECTORS, TOKENS } from './log.ts'
import { ModelRevoker } from './revoker.ts'
import { LEASE_MS, type Sabotage } from './sabotage.ts'

/** Something on its way: a message, a request or an answer. It may be delivered in any order, or be lost. */
interface InFlight {
  readonly isLosable: boolean
  /** Part of a question about a token, and not of the spreading of changes. */
  readonly isQuestion: boolean
  deliver(): void
}

/** The whole system in one value: production code for every holder, and a model of PostgreSQL, Redis and the network. */
export class World {
  readonly #sabotage: Sabotage
  readonly #log = new ModelLog()
  readonly #redis = new Map<string, ModelAnswer[]>()
  readonly #revoker: ModelRevoker
  #inFlight: InFlight[] = []
  #holders: Holder[] = []
  #holdersStarted = 0
  #redisPick = 0
  #nowMs = 0
  readonly violations: string[] = []

  constructor(sabotage: Sabotage) {
    this.#sabotage = sabotage
    this.#revoker = new ModelRevoker(sabotage, this.#log)
    for (const kind of ['gateway', 'gateway', 'token-service'] as const) this.#holders.push(this.#start(kind))
    // Twice: the first renewal gives a position, the second one shows it to the server.
    for (const round of [1, 2]) {
      for (const at of this.#holders.keys()) this.renew(at)
      while (this.#inFlight.length > 0) this.deliver(round)
    }
  }

  /** Commits, sends the fast path's message to everybody, and lets the revoker read the rows a moment later. */
  mutate(which: number): void {
    const previous = { seq: this.#log.headSeq, changeId: this.#log.headId }
    const change = this.#log.commit(pick(SELECTORS, which))
    this.#send(false, this.#revoker.begin(change))
    for (const holder of this.#holders) {
      this.#send(true, () => {
        if (!this.#isUp(holder)) return
        holder.follower.applyMessage(change, previous)
        const { appliedSeq, appliedId } = holder.follower
        this.#send(true, () => this.#revoker.acknowledge(holder.name, appliedSeq, appliedId))
      })
    }
  }

  renew(which: number): void {
    const holder = pick(this.#holders, which)
    if (holder.isStopped) return
    const asked = holder.follower.beginRenewal()
    const isOneTransaction = this.#sabotage === 'renewal in one transaction'
    // Asked in one transaction, both statements see what was there when it began.
    const early = this.#log.after(asked.appliedSeq, asked.appliedId)
    const earlyHead = { seq: this.#log.headSeq, id: this.#log.headId }
    this.#send(true, () => {
      this.#revoker.upsertLease(holder, asked)
      this.#send(true, () => {
        const changes = isOneTransaction ? early : this.#log.after(asked.appliedSeq, asked.appliedId)
        const head = isOneTransaction ? earlyHead : { seq: this.#log.headSeq, id: this.#log.headId }
        const leaseMs = this.#sabotage === 'infinite leases' ? Number.MAX_SAFE_INTEGER : LEASE_MS
        const answer = { lease_ms: leaseMs, head_seq: head.seq, head_id: head.id, changes }
        this.#send(true, () => {
          if (this.#isUp(holder)) holder.follower.applyRenewal(asked, answer)
        })
      })
    })
  }

  /** A request begins: whatever is answered to it must stand for the newest authority that was answered before. */
  request(whichGateway: number, whichToken: number): void {
    const gateways = this.#holders.filter((holder) => holder instanceof Gateway)
    const gateway = pick(gateways, whichGateway)
    if (gateway.isStopped) return
    const token = pick(TOKENS, whichToken)
    const required = this.#revoker.answeredVersion(token)
    gateway.reader.read(token.digest).then(
      ({ version }) => {
        if (version >= required || !this.#revoker.isPromised(token, required)) return
        this.violations.push(
          `${gateway.name} decided on ${token.digest} by commit ${version}, ${required} was answered`
        )
      },
      () => undefined
    )
  }

  deliver(which: number): void {
    if (this.#inFlight.length === 0) return
    const [message] = this.#inFlight.splice(which % this.#inFlight.length, 1)
    message?.deliver()
  }

  /** Everything that spreads changes arrives; questions about tokens stay where they are. */
  spread(): void {
    for (let at = 0; at < this.#inFlight.length; ) {
      if (this.#inFlight[at]?.isQuestion === true) at++
      else this.deliver(at)
    }
  }

  lose(which: number): void {
    if (this.#inFlight.length === 0) return
    const index = which % this.#inFlight.length
    if (this.#inFlight[index]?.isLosable === true) this.#inFlight.splice(index, 1)
  }

  advance(ms: number): void {
    this.#nowMs += ms
    for (const { clock } of this.#holders) {
      clock.monotonicMs += ms
      clock.wallMs += ms
    }
    this.#revoker.advance(ms)
  }

  /** Nobody hears of anything for so long that every lease runs out, and a revoker removes every row. */
  cutOff(): void {
    const readRows = this.#revoker.begin(this.#log.commit(null))
    readRows()
    this.advance(LEASE_MS + WAIT_MARGIN_MS)
  }

  /** The holder's machine sleeps: its monotonic clock stands still while the world, and its wall clock, go on. */
  suspend(which: number, ms: number): void {
    const sleeper = pick(this.#holders, which)
    if (!sleeper.clock.goesWrong('monotonic', this.#nowMs, ms)) return
    const before = sleeper.clock.monotonicMs
    this.advance(ms)
    sleeper.clock.monotonicMs = before
  }

  stepWallClock(which: number, ms: number): void {
    const { clock } = pick(this.#holders, which)
    if (clock.goesWrong('wall', this.#nowMs, 0)) clock.wallMs += ms
  }

  /** SIGSTOP and SIGCONT: it processes nothing, while its clocks go on. */
  togglePause(which: number): void {
    const holder = pick(this.#holders, which)
    holder.isStopped = !holder.isStopped
  }

  restart(which: number): void {
    const index = which % this.#holders.length
    const old = pick(this.#holders, which)
    this.#holders[index] = this.#start(old.kind)
  }

  /**
   * PostgreSQL is restored without its last commits: what they had answered is not promised any more. A restore takes
   * longer than a lease; a standby that takes over at once must have every commit (coherence.md).
   */
  loseCommits(count: number): void {
    this.advance(LEASE_MS)
    this.#log.lose(count)
    this.#revoker.loseLeases()
  }

  poisonRedis(pick: number): void {
    this.#redisPick = pick
  }

  #start(kind: Holder['kind']): Holder {
    this.#holdersStarted++
    const name = `${kind} ${this.#holdersStarted}`
    const clock = new ModelClock()
    if (kind === 'gateway') {
      const coalesces = this.#sabotage === 'coalescing without a lease'
      return new Gateway(name, clock, (gateway, digest, minSeq) => this.#ask(gateway, digest, minSeq), coalesces)
    }
    return new TokenService(name, clock, this.#redisClient(), (digest) => this.#readTruth(digest))
  }

  #send(isLosable: boolean, deliver: () => void): void {
    this.#inFlight.push({ isLosable, isQuestion: false, deliver })
  }

  #sendQuestion(deliver: () => void): void {
    this.#inFlight.push({ isLosable: false, isQuestion: true, deliver })
  }

  #isUp(holder: Holder): boolean {
    return !holder.isStopped && this.#holders.includes(holder)
  }

  #ask(gateway: Gateway, digest: string, minSeq: number): Promise<ModelEntry> {
    const { promise, resolve, reject } = Promise.withResolvers<ModelEntry>()
    this.#sendQuestion(() => {
      const service = this.#holders.find((holder) => holder instanceof TokenService)
      if (service === undefined || service.isStopped) return reject(new Error('no token service'))
      service.answers.answer(digest, minSeq).then(({ answer, asOf }) => {
        this.#sendQuestion(() => {
          if (asOf < minSeq) return reject(new Error('behind the caller'))
          const { keys, version } = { keys: answer, version: answer.version }
          const believed = this.#sabotage === 'fills unchecked' ? gateway.follower.appliedSeq : asOf
          const { digest, ownerId, sessionId, groups } = keys
          resolve({ digest, ownerId, sessionId, groups, asOf: believed, checkedVersion: -1, version })
        })
      }, reject)
    })
    return promise
  }

  #readTruth(digest: string): Promise<ModelAnswer> {
    const { promise, resolve } = Promise.withResolvers<ModelAnswer>()
    this.#sendQuestion(() => {
      const token = TOKENS.find((candidate) => candidate.digest === digest) ?? pick(TOKENS, 0)
      resolve({
        ...token,
        sessionId: null,
        asOf: this.#log.headSeq,
        asOfId: this.#log.headId,
        version: this.#log.versionOf(token)
      })
    })
    return promise
  }

  /** Redis that may answer any entry it ever held, or none. */
  #redisClient() {
    return {
      get: async (digest: string): Promise<ModelAnswer | null> => {
        const ever = this.#redis.get(digest) ?? []
        const entry = ever[this.#redisPick % (ever.length + 1)] ?? null
        if (entry === null || this.#sabotage !== 'redis believed') return entry
        const service = this.#holders.find((holder) => holder instanceof TokenService)
        const asOf = service?.follower.appliedSeq ?? 0
        return { ...entry, asOf, asOfId: service?.memory.idOf(asOf) ?? null }
      },
      set: async (digest: string, answer: ModelAnswer): Promise<void> => {
        this.#redis.set(digest, [...(this.#redis.get(digest) ?? []), answer])
      }
    }
  }
}

function pick<T>(list: readonly T[], index: number): T {
  const picked = list[index % list.length]
  if (picked === undefined) throw new Error('an empty list')
  return picked
}
