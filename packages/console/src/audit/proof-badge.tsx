import { Alert, Code, Stack, Text } from '@mantine/core'
import { ApiError } from '@patgate/client'
import type { AuditEvent } from '@patgate/contracts'
import { IconClockHour4, IconRosetteDiscountCheck, IconShieldX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { useFormat } from '../i18n/format.ts'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { auditKey } from './audit-queries.ts'
import { verifyEvent } from './verify-event.ts'

/** While a checkpoint is awaited. */
const LOOK_AGAIN_MS = 3_000

/** The proof that an event is in the signed log, checked here and now by the reader's own browser. */
export function ProofBadge({ event }: { event: AuditEvent }) {
  const { t } = useTranslation()
  const format = useFormat()
  const check = useQuery({
    queryKey: [...auditKey, 'proof', event.id],
    queryFn: ({ signal }) => prove(event, signal),
    retry: false,
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) => (state.data === null ? LOOK_AGAIN_MS : false)
  })
  if (check.isPending) return <Text c="dimmed">{t('audit.proofChecking')}</Text>
  if (check.isError) return <ProblemAlert error={check.error} onRetry={() => void check.refetch()} />
  if (check.data === null) {
    return <Alert color="gray" icon={<IconClockHour4 size={20} aria-hidden />} title={t('audit.proofPending')} />
  }
  const { proof, verification } = check.data
  return (
    <Stack gap="sm">
      {verification.kind === 'holds' ? (
        <Alert
          color="green"
          icon={<IconRosetteDiscountCheck size={22} aria-hidden />}
          title={t('audit.proofHolds', {
            index: format.number(proof.leaf_index + 1),
            size: format.number(verification.size)
          })}
        >
          {t('audit.proofHoldsText')}
        </Alert>
      ) : verification.kind === 'unable' ? (
        <Alert color="gray" title={t('audit.proofUnable')} />
      ) : (
        <Alert
          color="red"
          icon={<IconShieldX size={22} aria-hidden />}
          title={t('audit.proofBroken', { why: t(`audit.proofWhy.${verification.why}`) })}
        />
      )}
      <Text size="xs" fw={600}>
        {t('audit.leaf')}
      </Text>
      <Code block tabIndex={0}>
        {proof.leaf_hash}
      </Code>
      <Text size="xs" fw={600}>
        {t('audit.checkpoint')}
      </Text>
      <Code block tabIndex={0}>
        {proof.checkpoint.trim()}
      </Code>
    </Stack>
  )
}

/** Null while no checkpoint covers the event. */
async function prove(event: AuditEvent, signal: AbortSignal) {
  const { items } = await client.auditLog.checkpoints({ limit: 1 }, { signal })
  const signedAt = items[0]?.created_at
  if (signedAt === undefined || Date.parse(signedAt) < Date.parse(event.time)) return null
  try {
    const [proof, keys] = await Promise.all([
      client.auditEvents.proof(event.id, { signal }),
      client.auditLog.keys({ signal })
    ])
    return { proof, verification: await verifyEvent(event, proof, keys) }
  } catch (error) {
    // It happened before the checkpoint, and was stored behind it.
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}
