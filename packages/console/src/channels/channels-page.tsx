import { Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconEye, IconPlayerStop } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { groupsQuery } from '../groups/group-queries.ts'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { CHANNEL_NAME } from './channel-search.ts'
import classes from './channels-page.module.css'
import { MessageList } from './message-list.tsx'
import { PublishForm } from './publish-form.tsx'
import { useSubscription, type Watched } from './use-subscription.ts'

const route = getRouteApi('/signed-in-only/channels')

interface ChannelForm {
  readonly group: string
  readonly channel: string
  readonly subtopic: string
  readonly isReplayed: boolean
}

/** A channel as it is used: messages live, and a form to publish. */
export function ChannelsPage() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { data: groups = [] } = useQuery(groupsQuery)
  const [watched, setWatched] = useState<Watched | null>(null)
  const subscription = useSubscription(watched)
  const form = useForm<ChannelForm>({
    initialValues: {
      group: search.group ?? '',
      channel: search.channel ?? '',
      subtopic: search.subtopic ?? '',
      isReplayed: false
    },
    validate: { channel: (name) => (CHANNEL_NAME.test(name) ? null : t('channels.channelHint')) }
  })
  const group = form.values.group || (groups[0]?.slug ?? '')
  const watch = ({ channel, subtopic, isReplayed }: ChannelForm): void => {
    const pattern = subtopic.trim()
    setWatched({ group, channel, subtopic: pattern, isReplayed })
    void navigate({ search: { group, channel, ...(pattern === '' ? {} : { subtopic: pattern }) }, replace: true })
  }
  return (
    <Page title={t('channels.title')} lead={t('channels.lead')}>
      <Card>
        <form onSubmit={form.onSubmit(watch)}>
          <Stack gap="md">
            <div className={classes.address}>
              <Select
                label={t('channels.group')}
                data={groups.map(({ slug, name }) => ({ value: slug, label: name }))}
                value={group}
                onChange={(slug) => form.setFieldValue('group', slug ?? '')}
                allowDeselect={false}
                searchable
              />
              <TextInput
                label={t('channels.channel')}
                description={t('channels.channelHint')}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                required
                withAsterisk={false}
                spellCheck={false}
                {...form.getInputProps('channel')}
              />
              <TextInput
                label={`${t('channels.subtopic')} (${t('words.optional')})`}
                description={t('channels.subtopicHint')}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                spellCheck={false}
                {...form.getInputProps('subtopic')}
              />
            </div>
            <Group gap="md">
              {/* Two elements, by their keys: one that became a submit button while it is pressed would submit. */}
              {watched === null ? (
                <Button key="watch" type="submit" leftSection={<IconEye size={18} aria-hidden />}>
                  {t('channels.watch')}
                </Button>
              ) : (
                <Button
                  key="stop"
                  variant="default"
                  leftSection={<IconPlayerStop size={18} aria-hidden />}
                  onClick={() => setWatched(null)}
                >
                  {t('channels.stop')}
                </Button>
              )}
              <Checkbox label={t('channels.replay')} {...form.getInputProps('isReplayed', { type: 'checkbox' })} />
            </Group>
          </Stack>
        </form>
      </Card>
      <MessageList subscription={subscription} isWatching={watched !== null} />
      <PublishForm group={group} channel={form.values.channel} />
    </Page>
  )
}
