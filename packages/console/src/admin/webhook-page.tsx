import { Alert, Button, Stack } from '@mantine/core'
import type { WebhookBody } from '@patgate/contracts'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { Card } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Detail, Details } from '../ui/details.tsx'
import { TextLink } from '../ui/links.tsx'
import { notifyDone } from '../ui/notify.ts'
import { Page } from '../ui/page.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SecretOnceDialog } from '../ui/secret-once-dialog.tsx'
import { DeadLetters } from './dead-letters.tsx'
import { WebhookFormDialog } from './webhook-form-dialog.tsx'
import { webhookQuery, webhooksKey } from './webhook-queries.ts'
import { WebhookChip } from './webhook-state.tsx'

const route = getRouteApi('/signed-in-only/admin/webhooks/$id')

type Dialog = 'edit' | 'rotate' | 'delete'

export function WebhookPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const { data: webhook } = useSuspenseQuery(webhookQuery(id))
  const [open, setOpen] = useState<Dialog | null>(null)
  return (
    <Page
      title={webhook.name}
      mark={<WebhookChip webhook={webhook} />}
      trail={
        <TextLink to="/admin/webhooks" size="sm">
          {t('admin.backToWebhooks')}
        </TextLink>
      }
      actions={
        <>
          <Button variant="default" onClick={() => setOpen('edit')}>
            {t('words.edit')}
          </Button>
          {webhook.kind === 'webhook' ? (
            <Button variant="default" onClick={() => setOpen('rotate')}>
              {t('admin.rotateSecret')}
            </Button>
          ) : null}
          <Button variant="default" c="var(--mantine-color-error)" onClick={() => setOpen('delete')}>
            {t('admin.deleteWebhook')}
          </Button>
        </>
      }
    >
      <Stack gap="lg">
        {webhook.disabled_reason === null ? null : <Alert color="orange">{webhook.disabled_reason}</Alert>}
        <Card title={t('audit.details')}>
          <WebhookDetails webhook={webhook} />
        </Card>
        <DeadLetters webhook={webhook} />
      </Stack>
      {open === null ? null : <WebhookDialog open={open} webhook={webhook} onClose={() => setOpen(null)} />}
    </Page>
  )
}

function WebhookDetails({ webhook }: { webhook: WebhookBody }) {
  const { t } = useTranslation()
  const { url, kind, filter, behind, retrying, last_delivered_at, last_failed_at, last_failure } = webhook
  return (
    <Details>
      <Detail name={t('admin.url')}>
        <code>{url}</code>
      </Detail>
      <Detail name={t('admin.kind')}>{t(`admin.kinds.${kind}`)}</Detail>
      <Detail name={t('admin.types')}>{filter.types?.join(', ') ?? t('words.none')}</Detail>
      <Detail name={t('admin.onlyGroup')}>{filter.group ?? t('admin.anyGroup')}</Detail>
      <Detail name={t('words.status')}>
        {behind === 0 ? t('admin.upToDate') : t('admin.behind', { count: behind })}
        {retrying === 0 ? '' : ` · ${t('admin.retrying', { count: retrying })}`}
      </Detail>
      <Detail name={t('admin.lastDelivered')}>
        {last_delivered_at === null ? t('words.never') : <RelativeTime time={last_delivered_at} />}
      </Detail>
      {last_failed_at === null ? null : (
        <Detail name={t('admin.lastFailure')}>
          <RelativeTime time={last_failed_at} /> · {last_failure}
        </Detail>
      )}
    </Details>
  )
}

function WebhookDialog({ open, webhook, onClose }: { open: Dialog; webhook: WebhookBody; onClose: () => void }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const navigate = route.useNavigate()
  if (open === 'edit') return <WebhookFormDialog webhook={webhook} onClose={onClose} />
  if (open === 'rotate') {
    return (
      <SecretOnceDialog
        title={t('admin.rotateWebhookTitle', { name: webhook.name })}
        lead={t('admin.rotateWebhookText')}
        action={t('admin.rotateSecret')}
        label={t('admin.secret')}
        warning={t('admin.secretOnce')}
        make={async () => (await client.webhooks.rotate(webhook.id)).secret ?? ''}
        onClose={onClose}
      />
    )
  }
  return (
    <ConfirmDialog
      title={t('admin.deleteWebhookTitle', { name: webhook.name })}
      action={t('admin.deleteWebhook')}
      typed={webhook.name}
      onConfirm={async () => {
        await client.webhooks.delete(webhook.id)
        notifyDone(t('admin.webhookDeleted', { name: webhook.name }))
        await navigate({ to: '/admin/webhooks' })
        queryClient.removeQueries({ queryKey: webhookQuery(webhook.id).queryKey })
        await queryClient.invalidateQueries({ queryKey: webhooksKey })
      }}
      onClose={onClose}
    >
      {t('admin.deleteWebhookText')}
    </ConfirmDialog>
  )
}
