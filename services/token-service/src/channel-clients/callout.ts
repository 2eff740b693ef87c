import type { Logger } from '@patgate/service-kit'
import { type AdmitDeps, admitClient } from './admit-client.ts'
import type { CalloutSigner } from './callout-signer.ts'
import type { ChannelMetrics } from './channel-metrics.ts'
import { type ClientRequest, readClientRequest } from './client-request.ts'
import type { ClientUses } from './client-uses.ts'
import type { DenialLog } from './denial-log.ts'

export interface CalloutDeps extends AdmitDeps {
  readonly signer: CalloutSigner
  readonly denialLog: DenialLog
  readonly uses: ClientUses
  readonly metrics: ChannelMetrics
  readonly logger: Logger
}

const SUBJECT = '$SYS.REQ.USER.AUTH'
/** Any replica answers, and one of them. */
const QUEUE = 'patgate-token-service'

/** Answers the NATS server, which asks about every client that wants to enter, until it is stopped. */
export function startCallout(deps: CalloutDeps): { stop(): Promise<void> } {
  const underWay = new Set<Promise<void>>()
  let isStopped = false
  let unsubscribe = (): void => undefined

  deps.bus.connection
    .then((connection) => {
      if (isStopped) return
      const subscription = connection.subscribe(SUBJECT, {
        queue: QUEUE,
        callback: (error, message) => {
          const request = error === null ? readClientRequest(message.string()) : null
          if (request === null) return
          const answering = answer(deps, request).then((jwt) => void message.respond(jwt))
          const told = answering.catch((reason: unknown) =>
            deps.logger.error({ err: reason }, 'no answer to the callout')
          )
          underWay.add(told)
          void told.finally(() => underWay.delete(told))
        }
      })
      unsubscribe = () => subscription.unsubscribe()
    })
    .catch(() => undefined)

  return {
    async stop() {
      isStopped = true
      unsubscribe()
      await Promise.all(underWay)
    }
  }
}

/** What cannot be decided is refused, at once and not by silence: the client may try again. */
async function answer(deps: CalloutDeps, request: ClientRequest): Promise<string> {
  const { signer, denialLog, metrics, logger } = deps
  try {
    const decision = await admitClient(deps, request)
    metrics.countAdmission(request.protocol, decision.admitted ? 'admitted' : 'refused')
    if (decision.admitted) {
      deps.uses.count(decision, request.address)
      return await signer.admit(request, decision.tokenId, decision.grant, decision.endsAtMs)
    }
    denialLog.record(request, decision.reason, decision.identity)
  } catch (error) {
    metrics.countAdmission(request.protocol, 'failed')
    logger.warn({ err: error }, 'a client could not be decided on, and is not let in')
  }
  return signer.refuse(request)
}
