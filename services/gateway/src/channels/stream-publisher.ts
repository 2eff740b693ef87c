import { type AuditMode, Fault, toProblem } from '@patgate/service-kit'
import type { WebSocket } from 'ws'
import type { ChannelEvents, OnChannel } from '../audit/channel-events.ts'
import type { Grant } from '../decision/authorise.ts'
import type { ChannelAdmission } from './channel-admission.ts'
import { asksFor } from './channel-request.ts'
import type { Channels } from './channels.ts'
import type { Outlet } from './outlet.ts'
import type { PublishTally } from './publish-tally.ts'

/** Counts one message against the limit of its token, and as a use of it; answers whether it may still be published. */
export type Spending = (grant: Grant) => boolean | Promise<boolean>

export interface PublisherOptions {
  readonly admission: ChannelAdmission
  readonly on: OnChannel
  readonly outlet: Outlet
  readonly client: Pick<WebSocket, 'pause' | 'resume'>
  readonly channels: Channels
  readonly events: ChannelEvents
  readonly tally: PublishTally
  readonly spend: Spending
  readonly audit: AuditMode
}

/** Publishes what comes in on a stream, in order. */
export interface Publisher {
  readonly count: number
  take(payload: Buffer): void
  /** What was kept while nothing might be accepted is published now. */
  goOn(): void
}

/** Messages on their way to the stream; beyond them the client is not read from. */
const MOST_UNDER_WAY = 64

export function createPublisher(options: PublisherOptions): Publisher {
  const { admission, on, outlet, client, channels, events, tally, spend, audit } = options
  const { address, grant, mayPublish } = admission
  const { owner, tokenId } = grant.principal
  const identity = { ownerId: owner.id, tokenId, contentType: null, idempotencyKey: null }
  let kept: Buffer[] = []
  let underWay = 0
  let count = 0
  /** Each message waits for the one before it to be sent, where anything has to be asked first. */
  let turn: Promise<unknown> = Promise.resolve()

  async function publish(payload: Buffer): Promise<void> {
    const may = spend(grant)
    if (may !== true && !(await may)) return outlet.end('rate_limited')
    if (!events.accepts(audit)) throw new Fault('unavailable', { message: 'the audit spool takes no more events' })
    const details = { messages: 1, bytes: payload.length, protocol: 'websocket' }
    if (audit === 'strict') await events.published(on, details, audit).durable()
    const storing = channels.publish({ ...identity, address, payload })
    // The next one may be sent before this one is stored: they go one way, and keep their order.
    void storing
      .then(
        () => {
          count++
          if (audit !== 'strict') tally.count(on, address, payload.length)
        },
        () => outlet.end('failed')
      )
      .finally(finish)
    return undefined
  }

  function finish(): void {
    underWay--
    if (underWay === MOST_UNDER_WAY - 1 && outlet.mayPass()) client.resume()
  }

  function begin(payload: Buffer): void {
    underWay++
    if (underWay === MOST_UNDER_WAY) client.pause()
    turn = turn
      .then(() => publish(payload))
      .catch(() => {
        outlet.end('failed')
        finish()
      })
  }

  function refuse(): void {
    const ask = asksFor(address, 'publish')[0]
    const fault = new Fault('insufficient_scope')
    const denial = { fault, reason: 'insufficient_scope', principal: grant.principal, identity: null }
    events.denied({ facts: on.facts, denial, ask, status: toProblem(fault, on.facts.id).status })
    outlet.end('forbidden')
  }

  return {
    get count() {
      return count
    },
    take(payload) {
      if (!mayPublish) refuse()
      else if (kept.length > 0 || !outlet.mayPass()) kept.push(payload)
      else begin(payload)
    },
    goOn() {
      const waiting = kept
      kept = []
      for (const payload of waiting) begin(payload)
    }
  }
}
