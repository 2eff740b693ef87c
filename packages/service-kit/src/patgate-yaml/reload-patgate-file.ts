import { Counter, Gauge } from 'prom-client'
import { ConfigurationError } from '../environment.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import type { LivePatgateFile } from './live-patgate-file.ts'
import { loadPatgateFile } from './parse-patgate-file.ts'

export interface ReloadOptions {
  readonly live: LivePatgateFile
  readonly path: string
  readonly logger: Logger
  readonly metrics: Metrics
}

/** What became of the file that was read again. */
export type ReloadOutcome = 'applied' | 'unchanged' | 'refused'

/**
 * Answers a function that reads `patgate.yaml` again and puts it in force if it has no mistake; otherwise every mistake is
 * logged with its line, and the file in force stays. Metrics tell which version is in force since when.
 */
export function createReload({ live, path, logger, metrics }: ReloadOptions): () => ReloadOutcome {
  const registers = [metrics.registry]
  const reloads = new Counter({
    name: 'patgate_config_reloads_total',
    help: 'How often patgate.yaml was read again, by what became of it',
    labelNames: ['outcome'],
    registers
  })
  const version = new Gauge({
    name: 'patgate_config_info',
    help: 'The version of patgate.yaml in force: the beginning of its SHA-256',
    labelNames: ['version'],
    registers
  })
  const inForceSince = new Gauge({
    name: 'patgate_config_in_force_since_seconds',
    help: 'When the version in force was put in force, in seconds since 1970',
    registers
  })
  const tell = (): void => {
    version.reset()
    version.set({ version: live.current.version }, 1)
    inForceSince.setToCurrentTime()
    logger.info({ file: path, version: live.current.version }, 'patgate.yaml is in force')
  }

  function reload(): ReloadOutcome {
    try {
      const file = loadPatgateFile(path)
      if (file.version === live.current.version) {
        logger.info({ file: path, version: file.version }, 'patgate.yaml has not changed')
        return 'unchanged'
      }
      live.replace(file)
      tell()
      return 'applied'
    } catch (error) {
      const facts = { file: path, version: live.current.version }
      if (error instanceof ConfigurationError) for (const mistake of error.mistakes) logger.error(mistake)
      else logger.error({ err: error }, 'the file could not be put in force')
      logger.error(facts, 'patgate.yaml was not reloaded: the version that was in force stays')
      return 'refused'
    }
  }

  tell()
  return () => {
    const outcome = reload()
    reloads.inc({ outcome })
    return outcome
  }
}

/** Reads `patgate.yaml` again whenever the process is sent SIGHUP. */
export function reloadOnSignal(options: ReloadOptions): void {
  const reload = createReload(options)
  process.on('SIGHUP', () => void reload())
}
