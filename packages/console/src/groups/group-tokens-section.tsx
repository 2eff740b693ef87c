import { Button, List } from '@mantine/core'
import type { GroupTokenBody } from '@patgate/contracts'
import { IconKey } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { moreOf, pagedQuery, rowsOf } from '../api/paged-query.ts'
import { ScopeSentence } from '../scopes/scope-sentence.tsx'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { EntryName } from '../ui/entry-name.tsx'
import { notifyDone } from '../ui/notify.ts'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { groupsKey } from './group-queries.ts'

const route = getRouteApi('/signed-in-only/groups/$slug')

/** Whose tokens reach this group, for its maintainers; and the way to end that here. */
export function GroupTokensSection() {
  const { t } = useTranslation()
  const { slug } = route.useParams()
  const key = [...groupsKey, 'one', slug, 'tokens']
  const tokens = useInfiniteQuery(pagedQuery(key, (paging, options) => client.groups.listTokens(slug, paging, options)))
  const queryClient = useQueryClient()
  const [blocking, setBlocking] = useState<GroupTokenBody | null>(null)
  const lift = useMutation({
    mutationFn: (token: GroupTokenBody) => client.groups.unblockToken(slug, token.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: key })
      notifyDone(t('groups.unblocked'))
    }
  })
  const columns = useColumns(slug, setBlocking, (token) => lift.mutate(token))
  if (tokens.isError) return <ProblemAlert error={tokens.error} onRetry={() => void tokens.refetch()} />
  return (
    <>
      {lift.isError ? <ProblemAlert error={lift.error} /> : null}
      <Card title={t('groups.tokens')} lead={t('groups.tokensLead')} flush>
        <DataTable
          label={t('groups.tokens')}
          columns={columns}
          rows={rowsOf(tokens)}
          rowKey={({ id }) => id}
          isLoading={tokens.isPending}
          more={moreOf(tokens)}
          empty={
            <Empty icon={<IconKey size={36} stroke={1.4} aria-hidden />} title={t('groups.noTokensTitle')}>
              {t('groups.noTokensText')}
            </Empty>
          }
        />
      </Card>
      {blocking === null ? null : (
        <ConfirmDialog
          title={t('groups.blockTitle', { name: blocking.name })}
          action={t('groups.block')}
          color="orange.9"
          onConfirm={async () => {
            await client.groups.blockToken(slug, blocking.id)
            await queryClient.invalidateQueries({ queryKey: key })
            notifyDone(t('groups.blockedDone'))
          }}
          onClose={() => setBlocking(null)}
        >
          {t('groups.blockText')}
        </ConfirmDialog>
      )}
    </>
  )
}

function useColumns(
  slug: string,
  onBlock: (token: GroupTokenBody) => void,
  onLift: (token: GroupTokenBody) => void
): Column<GroupTokenBody>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'name',
      header: t('tokens.token'),
      cell: ({ name, hint, owner }) => (
        <EntryName
          name={name}
          detail={
            <>
              <span className="mono">{hint}</span> · {owner.name}
            </>
          }
        />
      )
    },
    {
      id: 'scopes',
      header: t('scopes.title'),
      from: 'sm',
      cell: ({ scopes }) => (
        <List size="sm" listStyleType="none" withPadding={false}>
          {scopes.map((scope) => (
            <List.Item key={scope.id}>
              <ScopeSentence scope={scope} />
            </List.Item>
          ))}
        </List>
      )
    },
    {
      id: 'actions',
      header: t('words.actions'),
      isHeaderHidden: true,
      width: '170px',
      cell: (token) =>
        token.blocked_in.includes(slug) ? (
          <>
            <Chip tone="orange">{t('groups.blocked')}</Chip>
            <Button size="compact-xs" variant="subtle" onClick={() => onLift(token)}>
              {t('groups.unblock')}
            </Button>
          </>
        ) : (
          <Button
            size="xs"
            variant="default"
            onClick={() => onBlock(token)}
            aria-label={`${t('groups.block')}: ${token.name}`}
          >
            {t('groups.block')}
          </Button>
        )
    }
  ]
}
