import type { App } from '@patgate/service-kit'
import { ALLOWED_METHODS } from '../guard/guard-request.ts'

/**
 * Tells the framework that no method has a body for it: it neither buffers nor parses one, nor has an opinion on its
 * content type. Bodies are streamed from the raw request.
 */
export function streamBodies(app: App): void {
  for (const method of ALLOWED_METHODS) app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
}
