import { Group, Select, Text, TextInput } from '@mantine/core'
import type { Policy } from '@patgate/contracts'
import { formatISO } from 'date-fns/formatISO'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { EXPIRY_CHOICES, type Expiry, type ExpiryChoice, expiryTime, isWithinLifetime } from './expiry.ts'

interface ExpiryFieldProps {
  value: Expiry
  onChange: (expiry: Expiry) => void
  /** What a policy demands, where one is known; what it forbids cannot be chosen. */
  policy: Pick<Policy, 'require_expiry' | 'max_token_lifetime'> | undefined
  label?: string
  /** False where the API takes a duration only. */
  hasDate?: boolean
}

export function ExpiryField({ value, onChange, policy, label, hasDate = true }: ExpiryFieldProps) {
  const { t } = useTranslation()
  const hint = useHint(value, policy)
  const id = useId()
  const today = formatISO(new Date(), { representation: 'date' })
  const choices = EXPIRY_CHOICES.filter((choice) => hasDate || choice !== 'date').map((choice) => ({
    value: choice,
    label: t(`tokens.expiries.${choice}`),
    disabled: !isAllowed(choice, policy)
  }))
  return (
    <div>
      <Group gap="sm" align="flex-end">
        <Select
          label={label ?? t('tokens.expiry')}
          data={choices}
          value={value.choice}
          onChange={(choice) => onChange({ ...value, choice: choice as ExpiryChoice })}
          allowDeselect={false}
          aria-describedby={id}
          w={180}
        />
        {value.choice === 'date' ? (
          <TextInput
            type="date"
            label={t('tokens.expiryDate')}
            value={value.date}
            min={today}
            required
            withAsterisk={false}
            onChange={(event) => onChange({ ...value, date: event.currentTarget.value })}
            w={180}
          />
        ) : null}
      </Group>
      <Text id={id} size="xs" c="dimmed" mt={6}>
        {hint}
      </Text>
    </div>
  )
}

type Demands = ExpiryFieldProps['policy']

function isAllowed(choice: ExpiryChoice, policy: Demands): boolean {
  if (policy === undefined || choice === 'date') return true
  if (choice === 'never') return !policy.require_expiry && policy.max_token_lifetime === null
  return isWithinLifetime({ choice, date: '' }, policy.max_token_lifetime, new Date())
}

function useHint(value: Expiry, policy: Demands): string {
  const { t } = useTranslation()
  const format = useFormat()
  const time = expiryTime(value, new Date())
  const words = [
    value.choice === 'never'
      ? t('tokens.neverExpires')
      : time === null
        ? ''
        : t('tokens.expiresOn', { date: format.dateTime(time.toISOString()) }),
    policy?.max_token_lifetime ? t('tokens.tooLong', { longest: policy.max_token_lifetime }) : '',
    policy?.require_expiry === true ? t('tokens.neverForbidden') : ''
  ]
  return words.filter((word) => word !== '').join(' ') || t('tokens.expiryHint')
}
