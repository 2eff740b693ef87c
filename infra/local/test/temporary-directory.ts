import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Teardown {
  teardown(handler: () => void): void
}

/**
 * A directory for a server's data, removed after the server has stopped. Patient: on a busy machine the last process of a
 * server may still be closing its files a moment after the server itself has ended.
 */
export function temporaryDirectory(t: Teardown): string {
  const directory = mkdtempSync(join(tmpdir(), 'patgate-local-'))
  // PostgreSQL runs as somebody else when we are root, and has to pass through.
  chmodSync(directory, 0o711)
  t.teardown(() => rmSync(directory, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }))
  return directory
}
