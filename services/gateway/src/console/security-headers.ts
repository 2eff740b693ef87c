/**
 * What every answer of the console's listener carries. The policy names nothing but this origin: no script, style, font or
 * call of anybody else, no frame around it, and no text that a script could turn into markup (Trusted Types). The
 * origin is spelt out for WebSockets, which older browsers do not count as `'self'`.
 */
export function securityHeaders(consoleOrigin: string): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self' ${consoleOrigin.replace(/^http/, 'ws')}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'"
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(consoleOrigin.startsWith('https://') ? { 'strict-transport-security': 'max-age=31536000' } : {})
  }
}
