import { Switch, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { notifyDone } from '../../ui/notify.ts'
import { RestrictionFields } from '../restriction-fields.tsx'
import { type Restrictions, restrictionsOf, restrictionsOnWire } from '../restrictions.ts'
import { useRefreshTokens } from '../use-refresh-tokens.ts'
import type { TokenDialogProps } from './token-action-dialog.tsx'

interface EditedToken extends Restrictions {
  readonly name: string
  readonly description: string
}

/** What may change while the token goes on working. */
export function EditDialog({ token, onClose }: TokenDialogProps) {
  const { t } = useTranslation()
  const refresh = useRefreshTokens()
  const form = useForm<EditedToken>({
    initialValues: { name: token.name, description: token.description, ...restrictionsOf(token) }
  })
  const edit = useMutation({
    mutationFn: ({ name, description, ...restrictions }: EditedToken) => {
      const { rate_limit = null, ...others } = restrictionsOnWire(restrictions)
      return client.tokens.patch(token.id, { name, description, rate_limit, ...others })
    },
    onSuccess: async () => {
      notifyDone(t('tokens.edited'))
      await refresh(token.id)
      onClose()
    }
  })
  return (
    <FormDialog
      title={t('tokens.editTitle', { name: token.name })}
      action={t('words.save')}
      size="lg"
      mutation={edit}
      onSubmit={form.onSubmit((change) => edit.mutate(change))}
      onClose={onClose}
    >
      <NameField {...form.getInputProps('name')} />
      <Textarea
        label={t('tokens.description')}
        autosize
        minRows={2}
        maxLength={4096}
        {...form.getInputProps('description')}
      />
      <RestrictionFields form={form} />
      <Switch
        label={t('tokens.selfRotate')}
        description={t('tokens.selfRotateHint')}
        {...form.getInputProps('selfRotate', { type: 'checkbox' })}
      />
    </FormDialog>
  )
}
