import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What everything is forwarded to, and what is called directly beside it: the least that a server can do. */
const body = JSON.stringify({ id: 'e1', name: 'x'.repeat(200) })
const large = Buffer.alloc(8 * 1024 * 1024, 'x')
const server = createServer((request, response) => {
  request.resume()
  if (request.url?.endsWith('/large')) return void response.end(large)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send?.({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'none' })
process.once('message', () => process.exit(0))
