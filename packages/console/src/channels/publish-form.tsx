import { Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconSend } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { Card } from '../ui/card.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { CHANNEL_NAME } from './channel-search.ts'
import classes from './channels-page.module.css'

interface PublishFormProps {
  group: string
  channel: string
}

const CONTENT_TYPES = ['application/json', 'text/plain', 'application/senml+json']

/** Publishes on the channel above, as oneself. */
export function PublishForm({ group, channel }: PublishFormProps) {
  const { t } = useTranslation()
  const form = useForm({ initialValues: { subtopic: '', contentType: CONTENT_TYPES[0] ?? '', body: '' } })
  const publish = useMutation({
    mutationFn: ({ subtopic, contentType, body }: typeof form.values) =>
      client.channels.publish({ group, channel, subtopic: subtopic.trim() }, { body, contentType })
  })
  return (
    <Card title={t('channels.publishTitle')}>
      <form onSubmit={form.onSubmit((message) => publish.mutate(message))}>
        <Stack gap="md">
          <div className={classes.address}>
            <TextInput
              label={`${t('channels.publishSubtopic')} (${t('words.optional')})`}
              spellCheck={false}
              {...form.getInputProps('subtopic')}
            />
            <Select
              label={t('channels.contentType')}
              data={CONTENT_TYPES}
              allowDeselect={false}
              {...form.getInputProps('contentType')}
            />
          </div>
          <Textarea
            label={t('channels.message')}
            autosize
            minRows={3}
            maxRows={12}
            spellCheck={false}
            classNames={{ input: 'mono' }}
            {...form.getInputProps('body')}
          />
          {publish.isError ? <ProblemAlert error={publish.error} /> : null}
          <Group gap="md">
            <Button
              type="submit"
              leftSection={<IconSend size={18} aria-hidden />}
              loading={publish.isPending}
              disabled={group === '' || !CHANNEL_NAME.test(channel)}
            >
              {t('channels.publish')}
            </Button>
            <Text role="status" c="dimmed">
              {publish.data === undefined ? '' : t('channels.published', { seq: publish.data.seq })}
            </Text>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}
