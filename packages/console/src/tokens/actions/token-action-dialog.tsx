import type { TokenBody } from '@patgate/contracts'
import { DeleteDialog } from './delete-dialog.tsx'
import { EditDialog } from './edit-dialog.tsx'
import { RegenerateDialog } from './regenerate-dialog.tsx'
import { RestoreDialog } from './restore-dialog.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'
import { RotateDialog } from './rotate-dialog.tsx'
import type { TokenAction } from './token-action.ts'

export interface TokenDialogProps {
  token: TokenBody
  onClose: () => void
  /** The token is gone: who shows it has to go elsewhere. */
  onDeleted?: () => void
}

const DIALOGS = {
  edit: EditDialog,
  rotate: RotateDialog,
  regenerate: RegenerateDialog,
  revoke: RevokeDialog,
  restore: RestoreDialog,
  delete: DeleteDialog
} as const satisfies Record<TokenAction, (props: TokenDialogProps) => unknown>

export function TokenActionDialog({ action, ...props }: TokenDialogProps & { action: TokenAction }) {
  const Dialog = DIALOGS[action]
  return <Dialog {...props} />
}
