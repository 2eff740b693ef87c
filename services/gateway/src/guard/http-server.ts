import { createServer, type RequestListener, type Server } from 'node:http'

const HEADER_TIME_MS = 10_000
const CHECK_EVERY_MS = 1_000
const IDLE_KEEP_ALIVE_MS = 72_000
// A peer that is gone without a word is found out, even in the middle of an answer that has nothing to say.
const PROBED_AFTER_MS = 60_000
// Room for a target and a header block that are each at their limit; the guard holds them to their own.
const PARSER_LIMIT_BYTES = 26 * 1024

/** An HTTP server with the limits of gateway.md, section 1, for every listener that faces somebody else. */
export function createLimitedServer(listener: RequestListener): Server {
  const options = {
    maxHeaderSize: PARSER_LIMIT_BYTES,
    headersTimeout: HEADER_TIME_MS,
    // A body takes as long as its route says.
    requestTimeout: 0,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    keepAliveTimeout: IDLE_KEEP_ALIVE_MS,
    requireHostHeader: false,
    keepAlive: true,
    keepAliveInitialDelay: PROBED_AFTER_MS
  }
  const server = createServer(options, listener)
  // Node would silently drop the headers beyond its own limit; the guard refuses such a request instead.
  server.maxHeadersCount = 0
  return server
}
