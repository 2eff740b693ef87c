import { Checkbox, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { USUAL_EXPIRY } from '../expiry.ts'
import { ExpiryField } from '../expiry-field.tsx'
import { usePolicyFor } from '../policy-for.ts'
import { SecretDialog } from './secret-dialog.tsx'
import type { TokenDialogProps } from './token-action-dialog.tsx'

const OVERLAPS = ['0s', '10m', '1h', '1d', '7d'] as const

/** A new secret beside the old one, so that programs can be moved over without a gap. */
export function RotateDialog({ token, onClose }: TokenDialogProps) {
  const { t } = useTranslation()
  const [overlap, setOverlap] = useState<(typeof OVERLAPS)[number]>('1h')
  const [keepsExpiry, setKeepsExpiry] = useState(true)
  const [expiry, setExpiry] = useState(USUAL_EXPIRY)
  const policy = usePolicyFor({ owner: token.owner.id, groups: token.scopes.map(({ group }) => group) })
  const rotation = keepsExpiry ? { overlap } : { overlap, expires_in: expiry.choice }
  return (
    <SecretDialog
      title={t('tokens.rotateTitle', { name: token.name })}
      lead={t('tokens.rotateText')}
      action={t('tokens.rotate')}
      make={(idempotencyKey) => client.tokens.rotate(token.id, rotation, { idempotencyKey })}
      onClose={onClose}
    >
      <Select
        label={t('tokens.overlap')}
        data={OVERLAPS.map((value) => ({ value, label: t(`tokens.overlaps.${value}`) }))}
        value={overlap}
        onChange={(value) => setOverlap(value as typeof overlap)}
        allowDeselect={false}
      />
      <Checkbox
        label={t('tokens.keepExpiry')}
        checked={keepsExpiry}
        onChange={(event) => setKeepsExpiry(event.currentTarget.checked)}
      />
      {keepsExpiry ? null : (
        <ExpiryField
          value={expiry}
          onChange={setExpiry}
          policy={policy}
          label={t('tokens.newExpiry')}
          hasDate={false}
        />
      )}
    </SecretDialog>
  )
}
