import { randomUUID } from 'node:crypto'
import type { BlockList } from 'node:net'
import { type handleUnaryCall, Server } from '@grpc/grpc-js'
import { toProblem } from '@patgate/service-kit'
import type { CredentialStripper } from '../../credentials/strip-credentials.ts'
import { contains, plainAddress } from '../../proxy/peer.ts'
import type { Judge, Verdict } from '../judge.ts'
import type { OriginalRequest } from '../original-request.ts'
import { originalOfCheck } from './check-request.ts'
import { deniedResponse, okResponse } from './check-response.ts'
import { type CheckRequest, type CheckResponse, loadAuthorizationService } from './protocol.ts'

export interface AuthorizationServerOptions {
  readonly judge: Judge
  readonly stripper: CredentialStripper
  readonly trustedProxies: BlockList | undefined
}

/**
 * `envoy.service.auth.v3.Authorization/Check`. Whatever happens is answered as a decision: a failed call would be
 * allowed where Envoy is told to allow on failure.
 */
export function createAuthorizationServer({ judge, stripper, trustedProxies }: AuthorizationServerOptions): Server {
  async function answer(request: CheckRequest, peer: string): Promise<CheckResponse> {
    const id = randomUUID()
    try {
      const original = originalOfCheck(request, id, trustedProxies)
      const verdict = await judgeCall(original, id, addressOf(peer))
      return verdict.allowed && original !== null
        ? okResponse(original, verdict, stripper)
        : deniedResponse(verdict.allowed ? toProblem(null, id) : verdict.problem)
    } catch (error) {
      return deniedResponse(toProblem(error, id))
    }
  }

  async function judgeCall(original: OriginalRequest | null, id: string, caller: string): Promise<Verdict> {
    const call = original ?? { id, method: '', target: '', rawHeaders: [], address: caller }
    if (!contains(trustedProxies, caller)) return judge.reject({ ...call, address: caller }, 'untrusted_proxy')
    return original === null ? judge.reject(call, 'original_target') : judge.judge(original)
  }

  const check: handleUnaryCall<CheckRequest, CheckResponse> = (call, respond) => {
    void answer(call.request, call.getPeer()).then((response) => respond(null, response))
  }
  const server = new Server()
  server.addService(loadAuthorizationService(), { Check: check })
  return server
}

/** `127.0.0.1:4711`, or `[::1]:4711`. */
function addressOf(peer: string): string {
  return plainAddress(peer.slice(0, peer.lastIndexOf(':')).replace(/^\[|\]$/g, ''))
}
