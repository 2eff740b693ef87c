import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import { type App, Fault } from '@patgate/service-kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sameLoopback } from './loopback-names.ts'

export interface StaticFilesOptions {
  /** Where the built console lies; it may be built, or built anew, while the gateway runs. */
  readonly directory: string
  readonly consoleOrigin: string
}

export const CONSOLE_PATH = '/console/'
const INDEX = 'index.html'
/** The folder of the files whose names change with their content. */
const HASHED = 'assets/'
const FOR_EVER = 'public, max-age=31536000, immutable'

/**
 * The pages of the console. Every path below `/console/` that is no file answers `index.html`, because the page itself
 * knows what is there; so a link into the console can be opened, kept and reloaded.
 */
export async function registerStaticFiles(app: App, options: StaticFilesOptions): Promise<void> {
  const directory = resolve(options.directory)
  const config = { policy: 'public' } as const
  // Not served by the plugin itself: its routes would declare no policy.
  await app.register(fastifyStatic, {
    root: directory,
    serve: false,
    preCompressed: true,
    cacheControl: false,
    dotfiles: 'ignore'
  })

  const sendIndex = (reply: FastifyReply): FastifyReply => {
    if (!existsSync(join(directory, INDEX))) {
      throw new Fault('unavailable', { detail: 'The console is not built; npm start builds it' })
    }
    return reply.code(200).header('cache-control', 'no-cache').sendFile(INDEX)
  }

  const pages = async (scope: FastifyInstance): Promise<void> => {
    scope.setNotFoundHandler((request, reply) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') throw new Fault('not_found')
      return sendIndex(reply)
    })
    scope.route<{ Params: { '*': string } }>({
      method: ['GET', 'HEAD'],
      url: '/*',
      config,
      handler(request, reply) {
        if (isElsewhere(request, options)) return reply.redirect(options.consoleOrigin + request.url, 307)
        const path = request.params['*']
        if (path === '' || path === INDEX) return sendIndex(reply)
        return reply.header('cache-control', path.startsWith(HASHED) ? FOR_EVER : 'no-cache').sendFile(path)
      }
    })
  }
  await app.register(pages, { prefix: CONSOLE_PATH.slice(0, -1) })

  for (const url of ['/', CONSOLE_PATH.slice(0, -1)]) {
    app.get(url, { config }, (_request, reply) => reply.redirect(CONSOLE_PATH, 307))
  }
}

/** Who opens `localhost` where the origin says `127.0.0.1` could not sign in: the cookie is the origin's alone. */
function isElsewhere({ headers }: FastifyRequest, { consoleOrigin }: StaticFilesOptions): boolean {
  return sameLoopback(headers.host ?? '', new URL(consoleOrigin).host)
}
