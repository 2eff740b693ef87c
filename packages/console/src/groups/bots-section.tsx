import { Button, Group, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { BotBody } from '@patgate/contracts'
import { IconDots, IconPlus, IconRobot } from '@tabler/icons-react'
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { Card } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { EntryName } from '../ui/entry-name.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { notifyDone } from '../ui/notify.ts'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { BotDialog } from './bot-dialog.tsx'
import { botsQuery, groupQuery, groupsKey } from './group-queries.ts'

const route = getRouteApi('/signed-in-only/groups/$slug')

/** Settings > Bots: each with its role, its active tokens, and the way to its next one. */
export function BotsSection() {
  const { t } = useTranslation()
  const { slug } = route.useParams()
  const { data: group } = useSuspenseQuery(groupQuery(slug))
  const bots = useQuery(botsQuery(slug))
  const queryClient = useQueryClient()
  const [isCreating, creating] = useDisclosure()
  const [editing, setEditing] = useState<BotBody | null>(null)
  const [leaving, setLeaving] = useState<BotBody | null>(null)
  const columns = useColumns(slug, setEditing, setLeaving)
  if (bots.isError) return <ProblemAlert error={bots.error} onRetry={() => void bots.refetch()} />
  const create = (
    <Button size="xs" leftSection={<IconPlus size={16} aria-hidden />} onClick={creating.open}>
      {t('groups.createBot')}
    </Button>
  )
  return (
    <>
      <Card title={t('groups.bots')} lead={t('groups.botsLead')} flush actions={create}>
        <DataTable
          label={t('groups.bots')}
          columns={columns}
          rows={bots.data ?? []}
          rowKey={({ id }) => id}
          isLoading={bots.isPending}
          empty={
            <Empty icon={<IconRobot size={40} stroke={1.4} aria-hidden />} title={t('groups.noBotsTitle')}>
              {t('groups.noBotsText')}
            </Empty>
          }
        />
      </Card>
      {isCreating && group.role !== null ? (
        <BotDialog group={slug} ownRole={group.role} bot={null} onClose={creating.close} />
      ) : null}
      {editing !== null && group.role !== null ? (
        <BotDialog group={slug} ownRole={group.role} bot={editing} onClose={() => setEditing(null)} />
      ) : null}
      {leaving === null ? null : (
        <ConfirmDialog
          title={t('groups.deleteBotTitle', { name: leaving.name })}
          action={t('groups.deleteBot')}
          typed={leaving.name}
          onConfirm={async () => {
            await client.bots.delete(slug, leaving.id)
            notifyDone(t('groups.botDeleted', { name: leaving.name }))
            await queryClient.invalidateQueries({ queryKey: groupsKey })
          }}
          onClose={() => setLeaving(null)}
        >
          {t('groups.deleteBotText')}
        </ConfirmDialog>
      )}
    </>
  )
}

function useColumns(slug: string, onEdit: (bot: BotBody) => void, onDelete: (bot: BotBody) => void): Column<BotBody>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'name',
      header: t('groups.bot'),
      cell: ({ name, email }) => <EntryName name={name} detail={email} isMono />
    },
    { id: 'role', header: t('words.role'), width: '120px', from: 'sm', cell: ({ role }) => t(`words.roles.${role}`) },
    {
      id: 'tokens',
      header: t('groups.activeTokens'),
      width: '130px',
      cell: ({ id, name, active_tokens: count }) => (
        <TextLink
          to="/groups/$slug/bots/$id"
          params={{ slug, id }}
          size="sm"
          aria-label={`${t('groups.activeTokensOf', { count })}: ${name}`}
        >
          {t('groups.activeTokensOf', { count })}
        </TextLink>
      )
    },
    {
      id: 'actions',
      header: t('words.actions'),
      isHeaderHidden: true,
      width: '230px',
      cell: (bot) => <BotActions slug={slug} bot={bot} onEdit={onEdit} onDelete={onDelete} />
    }
  ]
}

interface BotActionsProps {
  slug: string
  bot: BotBody
  onEdit: (bot: BotBody) => void
  onDelete: (bot: BotBody) => void
}

function BotActions({ slug, bot, onEdit, onDelete }: BotActionsProps) {
  const { t } = useTranslation()
  return (
    <Group gap="xs" justify="flex-end">
      <ButtonLink
        to="/tokens/new"
        search={{ group: slug, bot: bot.id }}
        size="xs"
        variant="default"
        aria-label={t('groups.generateTokenFor', { name: bot.name })}
      >
        {t('groups.generateToken')}
      </ButtonLink>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default" px={8} aria-label={t('words.actionsFor', { name: bot.name })}>
            <IconDots size={16} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onEdit(bot)}>{t('groups.editBot')}</Menu.Item>
          <Menu.Item color="red" onClick={() => onDelete(bot)}>
            {t('groups.deleteBot')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}
