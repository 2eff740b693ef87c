import { createServer } from 'node:http'
import { handleDemoRequest } from './demo-api/handler.ts'
import { DEMO_API_LISTENS } from './demo-api/listening.ts'
import { acceptWebSockets } from './demo-api/web-socket.ts'

/**
 * The demo API: a small real upstream for the routes of `patgate.yaml`. It keeps everything in memory and checks nobody's
 * rights; the gateway in front of it does.
 */
const port = Number(process.env.PORT ?? 9101)
const server = createServer((request, response) => void handleDemoRequest(request, response))
acceptWebSockets(server)
server.once('error', ({ message }) => {
  console.error(message)
  process.exit(1)
})
server.listen(port, '127.0.0.1', () => console.log(`${DEMO_API_LISTENS}http://127.0.0.1:${port}`))

process.once('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
