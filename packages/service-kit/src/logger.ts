import { type Logger, pino } from 'pino'

export type { Logger } from 'pino'

// Anything shaped like one of our tokens, of any prefix, and anything shaped like a JWT. What is logged is
// chosen field by field; this is the net under it. No word boundaries: in `Bearer%20pat_…` there is none before
// the token. The header of a JWT is short, and its bound keeps the search linear in hostile text.
const SECRET_SHAPES = /[a-z][a-z0-9_]{1,19}_[0-9A-Za-z]{38}|eyJ[\w-]{8,512}\.[\w-]+\.[\w-]+/g

/**
 * A logger of JSON lines whose every line is searched for secrets before it is written, whatever
 * field or message they hide in.
 */
export function createLogger(name: string, level: string, destination?: NodeJS.WritableStream): Logger {
  const options = {
    name,
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: pino.stdSerializers.err },
    hooks: { streamWrite: redactSecrets }
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

export function redactSecrets(line: string): string {
  return line.replace(SECRET_SHAPES, '[redacted]')
}
