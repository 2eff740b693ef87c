import { Button, Group, SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { EXPLAINED_METHODS, type ExplainBody, type TokenBody } from '@patgate/contracts'
import { ANY, OPERATIONS, type Operation } from '@patgate/domain'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { groupsQuery } from '../../groups/group-queries.ts'
import { entityTypesQuery } from '../../scopes/entity-types-query.ts'
import { Card } from '../../ui/card.tsx'
import { ProblemAlert } from '../../ui/problem-alert.tsx'
import { Verdict } from './verdict.tsx'

interface Question {
  readonly by: 'request' | 'entity'
  readonly method: (typeof EXPLAINED_METHODS)[number]
  readonly path: string
  readonly group: string
  readonly entityType: string
  readonly entityId: string
  readonly operation: Operation
}

/** What the token may do, tried without making a request. */
export function TokenTest({ token }: { token: TokenBody }) {
  const { t } = useTranslation()
  const form = useForm<Question>({ initialValues: questionLike(token) })
  const explain = useMutation({
    mutationFn: (question: Question) => client.tokenUses.explain(questionOnWire(token.id, question))
  })
  return (
    <Card title={t('tokenPage.testTitle')} lead={t('tokenPage.testLead')}>
      <form onSubmit={form.onSubmit((question) => explain.mutate(question))}>
        <Stack gap="md">
          <SegmentedControl
            aria-label={t('tokenPage.testBy')}
            w="fit-content"
            data={[
              { value: 'request', label: t('tokenPage.byRequest') },
              { value: 'entity', label: t('tokenPage.byEntity') }
            ]}
            {...form.getInputProps('by')}
          />
          {form.values.by === 'request' ? <RequestFields form={form} /> : <EntityFields form={form} />}
          <Button type="submit" w="fit-content" loading={explain.isPending}>
            {t('tokenPage.ask')}
          </Button>
          {explain.isError ? <ProblemAlert error={explain.error} /> : null}
          {explain.data === undefined ? null : <Verdict token={token} explanation={explain.data} />}
        </Stack>
      </form>
    </Card>
  )
}

type QuestionForm = ReturnType<typeof useForm<Question>>

function RequestFields({ form }: { form: QuestionForm }) {
  const { t } = useTranslation()
  return (
    <Group gap="sm" align="flex-start">
      <Select
        label={t('tokenPage.method')}
        data={[...EXPLAINED_METHODS]}
        allowDeselect={false}
        w={120}
        {...form.getInputProps('method')}
      />
      <TextInput
        label={t('tokenPage.path')}
        description={t('tokenPage.pathHint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        required
        withAsterisk={false}
        flex="1 1 260px"
        spellCheck={false}
        {...form.getInputProps('path')}
      />
    </Group>
  )
}

function EntityFields({ form }: { form: QuestionForm }) {
  const { t } = useTranslation()
  const { data: groups = [] } = useQuery(groupsQuery)
  const { data: types = [] } = useQuery(entityTypesQuery)
  return (
    <Group gap="sm" align="flex-start" grow preventGrowOverflow={false}>
      <Select
        label={t('tokenPage.operation')}
        data={OPERATIONS.map((value) => ({ value, label: t(`words.operations.${value}`) }))}
        allowDeselect={false}
        {...form.getInputProps('operation')}
      />
      <Select
        label={t('scopes.entityType')}
        data={types.map(({ name }) => name)}
        allowDeselect={false}
        {...form.getInputProps('entityType')}
      />
      <TextInput label={t('scopes.entityId')} required withAsterisk={false} {...form.getInputProps('entityId')} />
      <Select
        label={t('scopes.group')}
        data={groups.map(({ slug, name }) => ({ value: slug, label: name }))}
        allowDeselect={false}
        {...form.getInputProps('group')}
      />
    </Group>
  )
}

/** A question that makes sense for this token, to begin with. */
function questionLike({ scopes: [scope] }: TokenBody): Question {
  return {
    by: 'request',
    method: 'GET',
    path: '',
    group: scope === undefined || scope.group === ANY ? '' : scope.group,
    entityType: scope?.entity_type ?? '',
    entityId: scope?.entity_id ?? ANY,
    operation: scope?.operations[0] ?? 'read'
  }
}

function questionOnWire(token_id: string, question: Question): ExplainBody {
  const { by, method, path, group, entityType, entityId, operation } = question
  return by === 'request'
    ? { token_id, method, path: path.trim() }
    : { token_id, group, entity_type: entityType, entity_id: entityId, operation }
}
