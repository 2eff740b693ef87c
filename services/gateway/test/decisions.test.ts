import { test } from 'tap'
import { openPlanes } from './decision-planes.ts'
import { DECISION_TABLE, TABLE_ROUTES } from './decision-table.ts'
import { issueTokens } from './decision-tokens.ts'
import { LOOPBACK } from './forward-auth/loopback.ts'
import { startGateway } from './support/gateway.ts'

test('every plane gives the same answer to the same question', async (t) => {
  const gateway = await startGateway(t, {
    routes: TABLE_ROUTES,
    config: { trustedProxies: LOOPBACK, forwardAuthPort: 0, envoyGrpcPort: 0 }
  })
  const planes = openPlanes(t, gateway, issueTokens(gateway.tokenService))

  t.ok(DECISION_TABLE.length >= 200, `${DECISION_TABLE.length} cases`)
  t.equal(new Set(DECISION_TABLE.map(({ name }) => name)).size, DECISION_TABLE.length, 'each has a name of its own')

  for (const question of DECISION_TABLE) {
    await t.test(question.name, async (t) => {
      for (const name of question.planes) {
        const answer = await planes[name](question)
        if (answer !== null) t.same(answer, question.expected, name)
      }
    })
  }
})
