/*
 * What one can choose from, apart from the schemas that are made of it: the console shows these, and is spared the schemas.
 */

/** Methods one can ask about; `OPTIONS` the gateway answers itself, whoever asks. */
export const EXPLAINED_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * How events leave: `webhook` posts each one, signed as Standard Webhooks wants it; `ndjson` posts many at once, a line
 * each; `syslog` writes RFC 5424 over TCP or TLS.
 */
export const WEBHOOK_KINDS = ['webhook', 'ndjson', 'syslog'] as const

/** Which tokens a list shows. */
export const TOKEN_LIST_STATUSES = ['active', 'expiring', 'expired', 'revoked', 'all'] as const

/**
 * Why single sign-on came to nothing, as the console's sign-in page is told (`?single_sign_on=`): nobody was let in, it was
 * not begun here or is over, or the provider gives no answer.
 */
export const SINGLE_SIGN_ON_FAILURES = ['refused', 'interrupted', 'unavailable'] as const
export type SingleSignOnFailure = (typeof SINGLE_SIGN_ON_FAILURES)[number]
