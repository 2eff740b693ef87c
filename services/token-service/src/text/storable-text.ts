import { type App, invalidField } from '@patgate/service-kit'

/**
 * Refuses text that PostgreSQL cannot keep as it is: NUL it rejects, and a lone surrogate would come back as another
 * character. Schemas cannot say so for every field, so it is said once for all bodies and queries.
 */
export function refuseUnstorableText(app: App): void {
  app.addHook('preHandler', async (request) => {
    // The forms of service clients are not stored, and what cannot be a token has an answer of its own.
    if (request.routeOptions.config.policy === 'service_client') return
    check(request.body, '')
    check(request.query, '')
  })
}

function check(value: unknown, path: string): void {
  if (typeof value === 'string') {
    if (!isStorable(value)) throw invalidField(path || '/', 'has a character that is not text')
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) check(inner, `${path}/${key}`)
  }
}

function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed()
}
