import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { expiryOnWire, USUAL_EXPIRY } from '../expiry.ts'
import { ExpiryField } from '../expiry-field.tsx'
import { usePolicyFor } from '../policy-for.ts'
import { SecretDialog } from './secret-dialog.tsx'
import type { TokenDialogProps } from './token-action-dialog.tsx'

export function RegenerateDialog({ token, onClose }: TokenDialogProps) {
  const { t } = useTranslation()
  const [expiry, setExpiry] = useState(USUAL_EXPIRY)
  const policy = usePolicyFor({ owner: token.owner.id, groups: token.scopes.map(({ group }) => group) })
  return (
    <SecretDialog
      title={t('tokens.regenerateTitle', { name: token.name })}
      lead={t('tokens.regenerateText')}
      action={t('tokens.regenerate')}
      make={(idempotencyKey) => client.tokens.regenerate(token.id, expiryOnWire(expiry), { idempotencyKey })}
      onClose={onClose}
    >
      <ExpiryField value={expiry} onChange={setExpiry} policy={policy} label={t('tokens.newExpiry')} />
    </SecretDialog>
  )
}
