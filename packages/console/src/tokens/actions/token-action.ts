import type { TokenBody } from '@patgate/contracts'
import { useState } from 'react'

export type TokenAction = 'edit' | 'rotate' | 'regenerate' | 'revoke' | 'restore' | 'delete'

/** What can be done with a token as it is now, in the order in which it is offered. */
export function actionsOf({ status }: TokenBody): readonly TokenAction[] {
  if (status === 'active') return ['edit', 'rotate', 'regenerate', 'revoke']
  if (status === 'revoked') return ['edit', 'restore', 'regenerate', 'delete']
  return ['edit', 'regenerate', 'delete']
}

export function isDangerous(action: TokenAction): boolean {
  return action === 'revoke' || action === 'delete'
}

/** Which of the dialogs is open; the token stays as it was when it was opened. */
export function useTokenAction() {
  const [open, setOpen] = useState<{ action: TokenAction; token: TokenBody } | null>(null)
  return {
    open,
    start: (action: TokenAction, token: TokenBody) => setOpen({ action, token }),
    close: () => setOpen(null)
  }
}
