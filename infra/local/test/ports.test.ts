import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { freePort } from '../ports.ts'
import { freeGatewayPort } from '../test-ports.ts'
import { otherProcess } from './other-process.ts'

const draws = { freePort: '../ports.ts', freeGatewayPort: '../test-ports.ts' }

/** What another process is given while nobody listens on any of it. That process lives as long as the test. */
function drawElsewhere(t: Test, draw: keyof typeof draws, count: number): Promise<number[]> {
  const script = `import { ${draw} } from '${fileURLToPath(new URL(draws[draw], import.meta.url))}'
    const ports = []
    while (ports.length < ${count}) ports.push(await ${draw}())
    console.log(JSON.stringify(ports))
    process.stdin.resume()`
  return otherProcess(t, script).hear()
}

const drawHere = async (draw: () => Promise<number>, count: number): Promise<number[]> => {
  const ports: number[] = []
  while (ports.length < count) ports.push(await draw())
  return ports
}

t.test('no port is given twice, although nobody listens on the first one yet', async (t) => {
  const ports = await drawHere(freePort, 120)
  t.equal(new Set(ports).size, ports.length)
})

t.test('processes that were started together are not given the same ports', async (t) => {
  const drawn = await Promise.all([1, 2, 3].map(() => drawElsewhere(t, 'freePort', 30)))
  t.equal(new Set(drawn.flat()).size, 90)
})

t.test('a port on which somebody listens is not given', async (t) => {
  const [port = 0] = await drawHere(freePort, 1)
  // The next one that this process would be given.
  const server = createServer().listen(port + 1, '127.0.0.1')
  t.teardown(() => server.close())
  await once(server, 'listening')
  t.not(await freePort(), port + 1)
})

t.test('tests that start a whole patgate at the same time have no port in common', async (t) => {
  const others = await Promise.all([1, 2].map(() => drawElsewhere(t, 'freeGatewayPort', 20)))
  const ports = [...others.flat(), ...(await drawHere(freeGatewayPort, 20))]
  t.equal(new Set(ports).size, 60)
})
