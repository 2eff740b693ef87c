import { ConfigurationError } from './environment.ts'
import { redactSecrets } from './logger.ts'

/**
 * Ends the process with status 1 and words that help, whatever fails outside a request: a configuration that is not
 * usable is told mistake by mistake and without a stack, which says nothing to whoever wrote it. Call first in `main.ts`.
 */
export function explainFailure(service: string): void {
  process.once('uncaughtException', (error) => {
    process.stderr.write(`${service}: ${redactSecrets(failureText(error))}\n`, () => process.exit(1))
  })
}

export function failureText(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
