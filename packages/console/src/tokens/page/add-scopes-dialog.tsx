import { Button, Group, Modal, Stack } from '@mantine/core'
import type { ScopeInput, TokenBody } from '@patgate/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { ScopeBuilder } from '../../scopes/scope-builder.tsx'
import { missingIn, scopeOf } from '../../scopes/scope-draft.ts'
import { useDrafts } from '../../scopes/use-drafts.ts'
import { notifyDone } from '../../ui/notify.ts'
import { ProblemAlert } from '../../ui/problem-alert.tsx'
import { tokensKey } from '../token-queries.ts'

interface AddScopesDialogProps {
  token: TokenBody
  onClose: () => void
}

export function AddScopesDialog({ token, onClose }: AddScopesDialogProps) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const [drafts, setDrafts] = useDrafts()
  const [hasTried, setTried] = useState(false)
  const add = useMutation({
    mutationFn: (scopes: readonly ScopeInput[]) => client.tokenScopes.add(token.id, scopes),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: tokensKey })
      notifyDone(t('scopes.added'))
      onClose()
    }
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (drafts.every((draft) => missingIn(draft) === null)) add.mutate(drafts.map(scopeOf))
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('scopes.addTitle')}
      size="xl"
      closeButtonProps={{ 'aria-label': t('words.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <ScopeBuilder drafts={drafts} onChange={setDrafts} showsMissing={hasTried} />
          {add.isError ? <ProblemAlert error={add.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('words.cancel')}
            </Button>
            <Button type="submit" loading={add.isPending} disabled={drafts.length === 0}>
              {t('scopes.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
