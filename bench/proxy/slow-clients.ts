import { connect, type Socket } from 'node:net'

const HOST = 'Host: a.example.org\r\n'
const EVERY_MS = 100
/** More than a header block may have: refused, again and again. */
const HUGE_HEADER = `X-Huge: ${'x'.repeat(24 * 1024)}\r\n`

/** What clients do who keep a server busy with nothing, and how many of each there are. */
const KINDS = [
  { many: 100, name: 'connections without a word' },
  { many: 100, name: 'half a head' },
  { many: 100, name: 'heads that come by the byte' },
  { many: 100, name: 'bodies that come by the byte' },
  { many: 50, name: 'answers that nobody reads' },
  { many: 10, name: 'heads that are too large, ten times a second each' }
] as const

export const SLOW_CLIENTS = KINDS.map(({ many, name }) => `${many} ${name}`).join(', ')

/** Clients who are slow on purpose. They go on until they are stopped; one whose connection is closed comes again. */
export class SlowClients {
  readonly #port: number
  readonly #credential: string
  readonly #sockets = new Map<(typeof KINDS)[number]['name'], Socket[]>()
  readonly #timer: NodeJS.Timeout

  constructor(origin: string, token: string) {
    this.#port = Number(new URL(origin).port)
    this.#credential = `Authorization: Bearer ${token}\r\n`
    for (const { name, many } of KINDS)
      this.#sockets.set(
        name,
        Array.from({ length: many }, () => this.#open(name))
      )
    this.#timer = setInterval(() => this.#turn(), EVERY_MS)
  }

  #turn(): void {
    for (const [name, sockets] of this.#sockets) {
      for (const [index, socket] of sockets.entries()) {
        if (socket.destroyed) sockets[index] = this.#open(name)
        else if (name.endsWith('by the byte')) socket.write('x')
      }
    }
  }

  #open(name: (typeof KINDS)[number]['name']): Socket {
    const socket = connect(this.#port, '127.0.0.1')
    socket.on('error', () => undefined)
    const head = (method: string, path: string) => `${method} ${path} HTTP/1.1\r\n${HOST}${this.#credential}`
    const dashboards = '/api/groups/demo/dashboards'
    switch (name) {
      case 'connections without a word':
        break
      case 'half a head':
        socket.write(head('GET', `${dashboards}/e1`))
        break
      case 'heads that come by the byte':
        socket.write(`${head('GET', `${dashboards}/e1`)}X-Slow: `)
        break
      case 'bodies that come by the byte':
        socket.write(`${head('POST', dashboards)}Content-Length: 100000\r\n\r\n`)
        break
      case 'answers that nobody reads':
        socket.write(`${head('GET', `${dashboards}/large`)}\r\n`)
        // Not read from its first byte on.
        socket.pause()
        break
      default:
        socket.resume().write(`${head('GET', `${dashboards}/e1`)}${HUGE_HEADER}\r\n`)
    }
    return socket
  }

  stop(): void {
    clearInterval(this.#timer)
    for (const sockets of this.#sockets.values()) for (const socket of sockets) socket.destroy()
  }
}
