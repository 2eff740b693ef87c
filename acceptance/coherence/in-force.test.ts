import { type Test, test } from 'tap'
import { createApi, type SessionApi } from '../support/api.ts'
import { until } from '../support/until.ts'
import type { Cast, Role, Scene } from './scenes/scene.ts'
import { STANDING_SCENES } from './scenes/standing-scenes.ts'
import { TOKEN_SCENES } from './scenes/token-scenes.ts'
import { sharedCluster } from './shared-cluster.ts'

const ASKED_AT_ONCE = 3
const NOTICED_WITHIN_MS = 10_000

test('every change is in force on every gateway when it is answered', async (t) => {
  const { run } = (await sharedCluster()).patgate
  const cast = await hireCast(run.gateway_urls, run.admin)
  for (const [what, play] of Object.entries({ ...TOKEN_SCENES, ...STANDING_SCENES })) {
    await t.test(what, async (t) => show(t, run.gateway_urls, await play(cast)))
  }
})

async function show(t: Test, gateways: readonly string[], scene: Scene): Promise<void> {
  const { ask, askAfter, before, change, after, fromMs } = scene
  // Until each has it in memory: from then on only the change itself can make them think otherwise.
  for (const gateway of before === null ? [] : gateways) {
    await until(`${gateway} answers ${before}`, NOTICED_WITHIN_MS, async () => (await ask(gateway)) === before)
  }
  const { status, body } = await change()
  t.ok(status >= 200 && status <= 204 && status !== 202, `the change is answered ${status} ${problemIn(body)}`)
  const instant = fromMs?.() ?? 0
  await until('the instant that the change names', NOTICED_WITHIN_MS, async () => Date.now() >= instant)

  const asking = askAfter?.() ?? ask
  const everywhere = gateways.flatMap((gateway) => Array.from({ length: ASKED_AT_ONCE }, () => asking(gateway)))
  t.same(
    await Promise.all(everywhere),
    everywhere.map(() => after),
    `every request since is answered ${after}`
  )
}

/** Some answers have no body at all. */
function problemIn(body: unknown): string {
  return typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : ''
}

/** People are created and changed through different gateways, so that their changes come from both token services. */
async function hireCast(gateways: readonly string[], admin: { email: string; password: string }): Promise<Cast> {
  const signedIn = await Promise.all(gateways.map((url) => createApi(url).signIn(admin.email, admin.password)))
  let hired = 0
  const next = <T>(list: readonly T[]): T => {
    const one = list[hired % list.length]
    if (one === undefined) throw new Error('no gateway')
    return one
  }
  return {
    get admin() {
      return next(signedIn)
    },
    async person(role: Role | null): Promise<SessionApi> {
      hired++
      const password = 'a long enough password'
      const { id, email } = await next(signedIn).createUser(`person-${hired}`, password)
      if (role !== null) {
        await next(signedIn).call(`/v1/groups/demo/members/${id}`, { method: 'PUT', body: { role } })
      }
      return createApi(next(gateways)).signIn(email, password)
    }
  }
}
