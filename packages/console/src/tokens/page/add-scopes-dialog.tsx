import type { ScopeInput, TokenBody } from '@patgate/contracts'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { ScopeBuilder } from '../../scopes/scope-builder.tsx'
import { missingIn, scopeOf } from '../../scopes/scope-draft.ts'
import { useDrafts } from '../../scopes/use-drafts.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { notifyDone } from '../../ui/notify.ts'
import { useRefreshTokens } from '../use-refresh-tokens.ts'

interface AddScopesDialogProps {
  token: TokenBody
  onClose: () => void
}

export function AddScopesDialog({ token, onClose }: AddScopesDialogProps) {
  const { t } = useTranslation()
  const refresh = useRefreshTokens()
  const [drafts, setDrafts] = useDrafts()
  const [hasTried, setTried] = useState(false)
  const add = useMutation({
    mutationFn: (scopes: readonly ScopeInput[]) => client.tokenScopes.add(token.id, scopes),
    onSuccess: async () => {
      await refresh()
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
    <FormDialog
      title={t('scopes.addTitle')}
      action={t('scopes.add')}
      size="xl"
      mutation={add}
      isDisabled={drafts.length === 0}
      onSubmit={submit}
      onClose={onClose}
    >
      <ScopeBuilder drafts={drafts} onChange={setDrafts} showsMissing={hasTried} />
    </FormDialog>
  )
}
