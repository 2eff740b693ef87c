import { AsyncLocalStorage } from 'node:async_hooks'
import { type App, invalidField } from '@patgate/service-kit'

/** Whether the request that is being served waits until its changes are in force on every gateway. */
const patience = new AsyncLocalStorage<{ readonly isWaiting: boolean }>()

/** True unless the request said `?wait=false`; true for everything that no request asked for. */
export function isWaiting(): boolean {
  return patience.getStore()?.isWaiting ?? true
}

/** For sweeps and other work that nobody waits for: what they change is only recorded, not what makes it true. */
export function withoutWaiting<T>(work: () => Promise<T>): Promise<T> {
  return patience.run({ isWaiting: false }, work)
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Lets every call that changes something be told `?wait=false`: it is then answered at once, 202 with the body it would
 * have had, and comes into force within the bound of coherence.md all the same. In one place, because it is no
 * matter of any single call.
 */
export function acceptImpatience(app: App): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const query = request.query as Record<string, unknown>
    const wish = query.wait
    if (wish === undefined || SAFE_METHODS.has(request.method)) return done()
    // Taken out here, so that no schema of a call has to know it.
    delete query.wait
    if (wish !== 'true' && wish !== 'false') return done(invalidField('/wait', 'must be true or false'))
    patience.run({ isWaiting: wish === 'true' }, done)
  })
  app.addHook('onSend', async (_request, reply, payload) => {
    if (!isWaiting() && reply.statusCode >= 200 && reply.statusCode < 300) reply.code(202)
    return payload
  })
}
