import { ActionIcon, Badge, Button, Group, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ScopeBody, TokenBody } from '@patgate/contracts'
import { ANY } from '@patgate/domain'
import { IconPlus, IconShieldOff, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { Card } from '../../ui/card.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/empty.tsx'
import { notifyDone } from '../../ui/notify.ts'
import { ProblemAlert } from '../../ui/problem-alert.tsx'
import { tokenQuery } from '../token-queries.ts'
import { useRefreshTokens } from '../use-refresh-tokens.ts'
import { AddScopesDialog } from './add-scopes-dialog.tsx'

/** What the token may do, row by row; every change is in force when it is shown. */
export function TokenScopes({ token }: { token: TokenBody }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const [isAdding, adding] = useDisclosure()
  const [isRemovingAll, removingAll] = useDisclosure()
  const refresh = useRefreshTokens()
  const removal = useMutation({
    mutationFn: (scope: ScopeBody) => client.tokenScopes.remove(token.id, scope.id),
    onSuccess: async () => {
      await refresh()
      notifyDone(t('scopes.removed'))
    }
  })
  const columns = useColumns((scope) => removal.mutate(scope), removal.isPending)
  return (
    <Card
      title={t('scopes.title')}
      lead={t('scopes.lead')}
      flush
      actions={
        <>
          {token.scopes.length === 0 ? null : (
            <Button variant="default" size="xs" c="var(--mantine-color-error)" onClick={removingAll.open}>
              {t('scopes.removeAll')}
            </Button>
          )}
          <Button size="xs" leftSection={<IconPlus size={16} aria-hidden />} onClick={adding.open}>
            {t('scopes.add')}
          </Button>
        </>
      }
    >
      {removal.isError ? <ProblemAlert error={removal.error} /> : null}
      <DataTable
        label={t('scopes.title')}
        columns={columns}
        rows={token.scopes}
        rowKey={({ id }) => id}
        empty={
          <Empty icon={<IconShieldOff size={36} stroke={1.4} aria-hidden />} title={t('words.none')}>
            {t('scopes.none')}
          </Empty>
        }
      />
      {isAdding ? <AddScopesDialog token={token} onClose={adding.close} /> : null}
      {isRemovingAll ? (
        <ConfirmDialog
          title={t('scopes.removeAllTitle')}
          action={t('scopes.removeAll')}
          onConfirm={async () => {
            await client.tokenScopes.removeAll(token.id)
            queryClient.setQueryData(tokenQuery(token.id).queryKey, { ...token, scopes: [] })
            await refresh()
            notifyDone(t('scopes.removedAll'))
          }}
          onClose={removingAll.close}
        >
          {t('scopes.removeAllText')}
        </ConfirmDialog>
      ) : null}
    </Card>
  )
}

function useColumns(onRemove: (scope: ScopeBody) => void, isRemoving: boolean): Column<ScopeBody>[] {
  const { t } = useTranslation()
  const groupOf = ({ group }: ScopeBody): string => (group === ANY ? t('scopes.everyGroup') : group)
  const entityOf = ({ entity_type, entity_id }: ScopeBody): string =>
    `${entity_type} · ${entity_id === ANY ? t('scopes.everyEntity') : entity_id}`
  return [
    {
      id: 'entity',
      header: t('scopes.entity'),
      cell: (scope) => (
        <div>
          <Text size="sm" fw={600}>
            {entityOf(scope)}
          </Text>
          <Text size="xs" c="dimmed">
            {groupOf(scope)}
          </Text>
        </div>
      )
    },
    {
      id: 'operations',
      header: t('scopes.operations'),
      cell: ({ operations }) => (
        <Group gap={4}>
          {operations.map((operation) => (
            <Tooltip key={operation} label={t(`words.operationsMean.${operation}`)}>
              <Badge variant="light" color="gray" tt="none" fw={500}>
                {t(`words.operations.${operation}`)}
              </Badge>
            </Tooltip>
          ))}
        </Group>
      )
    },
    {
      id: 'actions',
      header: t('words.actions'),
      isHeaderHidden: true,
      width: '60px',
      cell: (scope) => (
        <Tooltip label={t('words.remove')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={isRemoving}
            onClick={() => onRemove(scope)}
            aria-label={t('scopes.remove', { entity: entityOf(scope), group: groupOf(scope) })}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )
    }
  ]
}
