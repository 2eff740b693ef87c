import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import type { Explanation, ScopeInput, TokenBody } from '@patgate/contracts'
import { ANY } from '@patgate/domain'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { ScopeSentence } from '../../scopes/scope-sentence.tsx'
import { Detail, Details } from '../../ui/details.tsx'
import { notifyDone } from '../../ui/notify.ts'
import { ProblemAlert } from '../../ui/problem-alert.tsx'
import { useRefreshTokens } from '../use-refresh-tokens.ts'

interface VerdictProps {
  token: TokenBody
  explanation: Explanation
}

/** What the gateway would decide, why, and what is missing. */
export function Verdict({ token, explanation }: VerdictProps) {
  const { t } = useTranslation()
  const { allowed, code, reason, required, matched_scope, owner_role, would_need } = explanation
  return (
    <Alert
      role="status"
      color={allowed ? 'green' : 'red'}
      icon={allowed ? <IconCircleCheck size={20} aria-hidden /> : <IconCircleX size={20} aria-hidden />}
      title={
        <Group gap="xs">
          {allowed ? t('tokenPage.allowedAnswer') : t('tokenPage.deniedAnswer')}
          {code === null ? null : <code>{code}</code>}
        </Group>
      }
    >
      <Stack gap="sm">
        <Text size="sm">{reason}</Text>
        <Details>
          {required === null ? null : (
            <>
              <Detail name={t('tokenPage.required')}>
                <code>{`${required.operation} ${required.entity_type} ${required.entity_id} · ${required.group ?? ANY}`}</code>
              </Detail>
              <Detail name={t('tokenPage.ownerRole')}>
                {owner_role === null ? t('tokenPage.noRole') : t(`words.roles.${owner_role}`)}
              </Detail>
            </>
          )}
          {matched_scope === null ? null : (
            <Detail name={t('tokenPage.byScope')}>
              <ScopeSentence scope={matched_scope} />
            </Detail>
          )}
          {would_need === null ? null : (
            <Detail name={t('tokenPage.wouldNeed')}>
              <ScopeSentence scope={would_need} />
            </Detail>
          )}
        </Details>
        {would_need === null ? null : <AddMissing token={token} scope={would_need} />}
      </Stack>
    </Alert>
  )
}

function AddMissing({ token, scope }: { token: TokenBody; scope: ScopeInput }) {
  const { t } = useTranslation()
  const refresh = useRefreshTokens()
  const add = useMutation({
    mutationFn: () => client.tokenScopes.add(token.id, [scope]),
    onSuccess: async () => {
      await refresh()
      notifyDone(t('scopes.added'))
    }
  })
  return (
    <>
      {add.isError ? <ProblemAlert error={add.error} /> : null}
      <Button
        size="xs"
        variant="default"
        w="fit-content"
        loading={add.isPending}
        disabled={add.isSuccess}
        onClick={() => add.mutate()}
      >
        {t('tokenPage.addMissing')}
      </Button>
    </>
  )
}
