/** Where somebody wanted to go before they had to sign in: a page of the console, and nothing else. */
export function readSignInSearch({ return_to }: Readonly<Record<string, unknown>>): { readonly return_to?: string } {
  return typeof return_to === 'string' && return_to.startsWith('/console/') ? { return_to } : {}
}
