import type { Logger } from '@patgate/service-kit'
import type { ChangeDeps } from '../../changes/record-change.ts'
import { detectReuse, type Reuse } from './detect-reuse.ts'

/** Is told of every retired secret that somebody presents. The answer to them waits for nothing of this. */
export interface ReuseWatch {
  report(reuse: Reuse): void
  /** Finishes what was reported. */
  stop(): Promise<void>
}

/** Reports on one token while another is being looked into say nothing new, so a flood of them costs one transaction. */
export function watchReuse(deps: ChangeDeps & { readonly logger: Logger }): ReuseWatch {
  const underWay = new Map<string, Promise<void>>()
  return {
    report(reuse) {
      if (underWay.has(reuse.tokenId)) return
      const looking = detectReuse(deps, reuse)
        .catch((error) => deps.logger.error({ err: error, token_id: reuse.tokenId }, 'a reuse could not be recorded'))
        .finally(() => underWay.delete(reuse.tokenId))
      underWay.set(reuse.tokenId, looking)
    },
    async stop() {
      await Promise.all(underWay.values())
    }
  }
}
