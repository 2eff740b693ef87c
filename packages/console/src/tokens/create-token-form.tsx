import { Button, Group, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { CreateTokenBody, ScopeInput, TokenWithSecret } from '@patgate/contracts'
import { ROLES, type Role, ranksAtLeast } from '@patgate/domain'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { ScopeBuilder } from '../scopes/scope-builder.tsx'
import { missingIn, scopeOf } from '../scopes/scope-draft.ts'
import { useDrafts } from '../scopes/use-drafts.ts'
import { Card } from '../ui/card.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { type Expiry, expiryOnWire, USUAL_EXPIRY } from './expiry.ts'
import { ExpiryField } from './expiry-field.tsx'
import { usePolicyFor } from './policy-for.ts'
import { RestrictionFields } from './restriction-fields.tsx'
import { NO_RESTRICTIONS, type Restrictions, restrictionsOnWire } from './restrictions.ts'
import type { GroupBot } from './use-bot.ts'
import { useRefreshTokens } from './use-refresh-tokens.ts'

interface NewToken extends Restrictions {
  readonly name: string
  readonly description: string
  readonly accessLevel: Role | ''
  readonly expiry: Expiry
}

const EMPTY: NewToken = {
  ...NO_RESTRICTIONS,
  name: '',
  description: '',
  accessLevel: '',
  expiry: USUAL_EXPIRY
}

interface CreateTokenFormProps {
  /** For whom; oneself where it is null. */
  bot: GroupBot | null
  onCreated: (token: TokenWithSecret) => void
}

export function CreateTokenForm({ bot, onCreated }: CreateTokenFormProps) {
  const { t } = useTranslation()
  const [hasTried, setTried] = useState(false)
  const form = useForm<NewToken>({ initialValues: EMPTY })
  const [drafts, setDrafts] = useDrafts()
  const { expiry } = form.values
  const policy = usePolicyFor({ owner: bot?.id, groups: drafts.map(({ group }) => group) })
  const create = useCreateToken(onCreated)
  const submit = (token: NewToken): void => {
    setTried(true)
    if (drafts.every((draft) => missingIn(draft) === null)) create.mutate(tokenOnWire(token, drafts.map(scopeOf), bot))
  }
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack gap="lg">
        <Card>
          <Stack gap="md" maw={640}>
            <TextInput
              label={t('tokens.name')}
              description={t('tokens.nameHint')}
              required
              withAsterisk={false}
              maxLength={255}
              autoFocus
              {...form.getInputProps('name')}
            />
            <Textarea
              label={`${t('tokens.description')} (${t('words.optional')})`}
              autosize
              minRows={2}
              maxLength={4096}
              {...form.getInputProps('description')}
            />
            <ExpiryField value={expiry} onChange={(value) => form.setFieldValue('expiry', value)} policy={policy} />
            {bot === null ? null : (
              <Select
                label={t('tokens.accessLevel')}
                description={t('tokens.accessLevelHint')}
                data={[
                  { value: '', label: t('tokens.accessLevelOwn') },
                  ...ROLES.filter((role) => ranksAtLeast(bot.role, role)).map((value) => ({
                    value,
                    label: t(`words.roles.${value}`)
                  }))
                ]}
                allowDeselect={false}
                {...form.getInputProps('accessLevel')}
              />
            )}
          </Stack>
        </Card>
        <Card title={t('scopes.title')} lead={t('scopes.lead')}>
          <ScopeBuilder
            drafts={drafts}
            onChange={setDrafts}
            showsMissing={hasTried}
            allowedTypes={policy?.allowed_entity_types ?? null}
          />
        </Card>
        <Card title={t('tokens.restrictions')} lead={t('tokens.restrictionsLead')}>
          <Stack gap="md" maw={640}>
            <RestrictionFields form={form} />
            <Switch
              label={t('tokens.selfRotate')}
              description={t('tokens.selfRotateHint')}
              {...form.getInputProps('selfRotate', { type: 'checkbox' })}
            />
          </Stack>
        </Card>
        {create.isError ? <ProblemAlert error={create.error} /> : null}
        <Group gap="xs">
          <Button type="submit" loading={create.isPending}>
            {t('tokens.submit')}
          </Button>
          <ButtonLink to="/tokens" variant="default">
            {t('words.cancel')}
          </ButtonLink>
        </Group>
      </Stack>
    </form>
  )
}

/** Sent with the same key however often one presses the button, as long as the form is the same: one token comes of it. */
function useCreateToken(onCreated: (token: TokenWithSecret) => void) {
  const refresh = useRefreshTokens()
  const [attempt, setAttempt] = useState({ body: '', key: '' })
  return useMutation({
    mutationFn: (body: CreateTokenBody) => {
      const text = JSON.stringify(body)
      const key = attempt.body === text ? attempt.key : crypto.randomUUID()
      setAttempt({ body: text, key })
      return client.tokens.create(body, { idempotencyKey: key })
    },
    onSuccess: async (token) => {
      onCreated(token)
      await refresh()
    },
    // The answer holds the secret: it is forgotten with this page.
    gcTime: 0
  })
}

function tokenOnWire(token: NewToken, scopes: ScopeInput[], bot: GroupBot | null): CreateTokenBody {
  const { name, description, accessLevel, expiry, ...restrictions } = token
  return {
    name: name.trim(),
    ...(description === '' ? {} : { description }),
    ...(bot === null ? {} : { owner: bot.id }),
    ...(bot === null || accessLevel === '' ? {} : { access_level: accessLevel }),
    ...expiryOnWire(expiry),
    scopes,
    ...restrictionsOnWire(restrictions)
  }
}
