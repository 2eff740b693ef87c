import { Button, Group, Modal, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { notifyDone } from '../../ui/notify.ts'
import { ProblemAlert } from '../../ui/problem-alert.tsx'
import { RestrictionFields } from '../restriction-fields.tsx'
import { type Restrictions, restrictionsOf, restrictionsOnWire } from '../restrictions.ts'
import { tokensKey } from '../token-queries.ts'
import type { TokenDialogProps } from './token-action-dialog.tsx'

interface EditedToken extends Restrictions {
  readonly name: string
  readonly description: string
}

/** What may change while the token goes on working. */
export function EditDialog({ token, onClose }: TokenDialogProps) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
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
      await queryClient.invalidateQueries({ queryKey: tokensKey })
      onClose()
    }
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('tokens.editTitle', { name: token.name })}
      size="lg"
      closeButtonProps={{ 'aria-label': t('words.close') }}
    >
      <form onSubmit={form.onSubmit((change) => edit.mutate(change))}>
        <Stack gap="md">
          <TextInput
            label={t('tokens.name')}
            required
            withAsterisk={false}
            maxLength={255}
            data-autofocus
            {...form.getInputProps('name')}
          />
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
          {edit.isError ? <ProblemAlert error={edit.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('words.cancel')}
            </Button>
            <Button type="submit" loading={edit.isPending}>
              {t('words.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
