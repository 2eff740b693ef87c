import { Stack } from '@mantine/core'
import type { TokenBody } from '@patgate/contracts'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { Card } from '../../ui/card.tsx'
import { CopiedText } from '../../ui/copy.tsx'
import { Detail, Details } from '../../ui/details.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { TokenScopes } from './token-scopes.tsx'

export function TokenOverview({ token }: { token: TokenBody }) {
  const { t } = useTranslation()
  const { expires_at, rate_limit, allowed_addresses, owner, access_level } = token
  return (
    <Stack gap="lg">
      <TokenScopes token={token} />
      <Card title={t('tokenPage.details')}>
        <Details>
          <Detail name={t('tokenPage.secretHint')}>
            <code>{token.hint}</code>
          </Detail>
          <Detail name={t('tokenPage.owner')}>
            {owner.kind === 'bot' ? `${owner.name} (${t('tokens.bot')})` : owner.name}
          </Detail>
          <Detail name={t('tokenPage.expires')}>
            {expires_at === null ? t('words.never') : <RelativeTime time={expires_at} />}
          </Detail>
          <Detail name={t('tokenPage.lastUsed')}>
            <LastUse token={token} />
          </Detail>
          <Detail name={t('words.created')}>
            <RelativeTime time={token.created_at} />
          </Detail>
          <Detail name={t('tokenPage.updated')}>
            <RelativeTime time={token.updated_at} />
          </Detail>
          {access_level === null ? null : (
            <Detail name={t('tokenPage.accessLevel')}>{t(`words.roles.${access_level}`)}</Detail>
          )}
          <Detail name={t('tokenPage.addresses')}>
            {allowed_addresses.length === 0 ? t('tokenPage.everywhere') : allowed_addresses.join(', ')}
          </Detail>
          <Detail name={t('tokenPage.rateLimit')}>
            {rate_limit === null
              ? t('tokenPage.noRateLimit')
              : t('tokenPage.rate', { requests: rate_limit.requests, count: rate_limit.per_seconds })}
          </Detail>
          <Detail name={t('tokenPage.selfRotate')}>{token.self_rotate ? t('words.yes') : t('words.no')}</Detail>
          <Detail name={t('tokenPage.id')}>
            <CopiedText text={token.id} label={t('tokenPage.id')} />
          </Detail>
        </Details>
      </Card>
    </Stack>
  )
}

function LastUse({ token: { last_used_at, last_used_address } }: { token: TokenBody }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (last_used_at === null) return t('tokens.notUsed')
  if (last_used_address === null) return <RelativeTime time={last_used_at} />
  return t('tokenPage.lastUsedFrom', { time: format.relative(last_used_at), address: last_used_address })
}
