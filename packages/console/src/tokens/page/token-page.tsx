import { Alert, Button, Menu, Stack, Tabs } from '@mantine/core'
import type { TokenBody } from '@patgate/contracts'
import { IconDots } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { TextLink } from '../../ui/links.tsx'
import { Page } from '../../ui/page.tsx'
import { actionsOf, isDangerous, type TokenAction, useTokenAction } from '../actions/token-action.ts'
import { TokenActionDialog } from '../actions/token-action-dialog.tsx'
import { tokenQuery } from '../token-queries.ts'
import { TOKEN_TABS, type TokenTab } from '../token-searches.ts'
import { StatusChip } from '../token-status.tsx'
import { TokenOverview } from './token-overview.tsx'

const TokenUsage = lazy(async () => ({ default: (await import('./token-usage.tsx')).TokenUsage }))
const TokenActivity = lazy(async () => ({ default: (await import('./token-activity.tsx')).TokenActivity }))
const TokenTest = lazy(async () => ({ default: (await import('./token-test.tsx')).TokenTest }))

const PARTS: Record<TokenTab, (props: { token: TokenBody }) => React.ReactNode> = {
  overview: TokenOverview,
  usage: TokenUsage,
  activity: TokenActivity,
  test: TokenTest
}

const route = getRouteApi('/signed-in-only/tokens/$id')

/** One token: what it is, what was done with it, and what can be done about it. */
export function TokenPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const { tab = 'overview' } = route.useSearch()
  const navigate = route.useNavigate()
  const { data: token } = useSuspenseQuery(tokenQuery(id))
  const { open, start, close } = useTokenAction()
  const Part = PARTS[tab]
  return (
    <Page
      title={token.name}
      mark={<StatusChip token={token} />}
      lead={token.description === '' ? undefined : token.description}
      trail={
        <TextLink to="/tokens" size="sm">
          {t('tokenPage.back')}
        </TextLink>
      }
      actions={<TokenActions token={token} onStart={(action) => start(action, token)} />}
    >
      <Notices token={token} />
      <Tabs
        value={tab}
        onChange={(name) => void navigate({ search: name === 'overview' ? {} : { tab: name as TokenTab } })}
        keepMounted={false}
      >
        <Tabs.List>
          {TOKEN_TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tokenPage.tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} pt="lg">
          <Suspense>
            <Part token={token} />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
      {open === null ? null : (
        <TokenActionDialog
          {...open}
          onClose={close}
          onDeleted={() => void navigate({ to: '/tokens', replace: true })}
        />
      )}
    </Page>
  )
}

/** The most usual ones as buttons, the others in a menu. */
function TokenActions({ token, onStart }: { token: TokenBody; onStart: (action: TokenAction) => void }) {
  const { t } = useTranslation()
  const all = actionsOf(token)
  const [first, ...others] = all.toReversed()
  return (
    <>
      {first === undefined ? null : (
        <Button
          variant="default"
          onClick={() => onStart(first)}
          {...(isDangerous(first) ? { c: 'var(--mantine-color-error)' } : {})}
        >
          {t(`tokens.${first}`)}
        </Button>
      )}
      {others
        .toReversed()
        .slice(-2)
        .map((action) => (
          <Button key={action} variant="default" onClick={() => onStart(action)}>
            {t(`tokens.${action}`)}
          </Button>
        ))}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" aria-label={t('words.actions')} px="xs">
            <IconDots size={18} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {all.map((action) => (
            <Menu.Item key={action} onClick={() => onStart(action)}>
              {t(`tokens.${action}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

/** Why it is revoked, and whether an old secret still works. */
function Notices({ token: { revoked_reason, previous_secret } }: { token: TokenBody }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (revoked_reason === null && previous_secret === null) return null
  return (
    <Stack gap="xs">
      {revoked_reason === null ? null : <Alert color="orange">{t(`tokenPage.revokedWhy.${revoked_reason}`)}</Alert>}
      {previous_secret === null ? null : (
        <Alert color="yellow">
          {t('tokenPage.overlapOn', { time: format.dateTime(previous_secret.retires_at) })}.{' '}
          {previous_secret.last_used_at === null
            ? t('tokenPage.overlapUnused')
            : t('tokenPage.overlapUsed', { time: format.relative(previous_secret.last_used_at) })}
        </Alert>
      )}
    </Stack>
  )
}
