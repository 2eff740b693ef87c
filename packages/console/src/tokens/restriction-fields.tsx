import { Group, Input, NumberInput, TagsInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { Restrictions } from './restrictions.ts'

const MOST_REQUESTS = 1_000_000
const LONGEST_PERIOD_S = 86_400

/** The parts of a token's form that are about from where and how often it may be used. */
export function RestrictionFields<Values extends Restrictions>({ form }: { form: UseFormReturnType<Values> }) {
  const { t } = useTranslation()
  return (
    <>
      <TagsInput
        label={t('tokens.addresses')}
        description={t('tokens.addressesHint')}
        {...form.getInputProps('addresses')}
        acceptValueOnBlur
        splitChars={[',', ' ', ';']}
      />
      <Input.Wrapper label={t('tokens.rateLimit')} description={t('tokens.rateLimitHint')} labelElement="div">
        <Group gap="sm" mt={6}>
          <NumberInput
            aria-label={t('tokens.requests')}
            placeholder={t('tokens.requests')}
            min={1}
            max={MOST_REQUESTS}
            allowDecimal={false}
            w={130}
            {...form.getInputProps('requests')}
          />
          <NumberInput
            aria-label={t('tokens.perSeconds')}
            placeholder={t('tokens.perSeconds')}
            min={1}
            max={LONGEST_PERIOD_S}
            allowDecimal={false}
            w={150}
            {...form.getInputProps('perSeconds')}
          />
        </Group>
      </Input.Wrapper>
    </>
  )
}
