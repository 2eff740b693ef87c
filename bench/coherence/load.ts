import { Pool } from 'undici'

/** The clients of `coherence.ts`, one per token, spread over the gateways, until a message says stop. */
interface Settings {
  readonly gateways: readonly string[]
  readonly secrets: readonly string[]
}

const { gateways, secrets }: Settings = JSON.parse(process.argv[2] ?? '{}')
const pools = gateways.map((origin) => new Pool(origin, { connections: secrets.length }))
let isRunning = true
let requests = 0

async function run(secret: string, client: number): Promise<void> {
  const pool = pools[client % pools.length]
  while (isRunning && pool !== undefined) {
    const headers = { authorization: `Bearer ${secret}` }
    const response = await pool.request({ path: '/api/groups/demo/dashboards', method: 'GET', headers })
    await response.body.dump()
    if (response.statusCode !== 200) throw new Error(`a gateway answered ${response.statusCode}`)
    requests++
  }
}

const startedAtMs = performance.now()
const running = Promise.all(secrets.map(run))
process.send?.('running')
process.once('message', async () => {
  isRunning = false
  await running
  process.send?.((requests / ((performance.now() - startedAtMs) / 1000)).toFixed(0))
  await Promise.all(pools.map((pool) => pool.close()))
  process.disconnect()
})
