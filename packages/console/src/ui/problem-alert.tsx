import { Alert, Button, List, Stack, Text } from '@mantine/core'
import { ApiError } from '@patgate/client'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

interface ProblemAlertProps {
  error: unknown
  onRetry?: () => void
}

/** What the server said went wrong, in its own words, with the request's id for whoever has to look into it. */
export function ProblemAlert({ error, onRetry }: ProblemAlertProps) {
  const { t } = useTranslation()
  const problem = error instanceof ApiError ? error.problem : null
  const details = problem?.errors?.filter(
    ({ path, message }) => !problem.detail?.includes(`${path.slice(1)} ${message}`)
  )
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={problem?.title ?? t('shell.failed')}
      variant="light"
    >
      <Stack gap={6} align="flex-start">
        <Text size="sm">{problem === null ? textOf(error, t('shell.offline')) : (problem.detail ?? null)}</Text>
        {details === undefined || details.length === 0 ? null : (
          <List size="sm">
            {details.map(({ path, message }) => (
              <List.Item key={path}>
                <code>{path}</code> {message}
              </List.Item>
            ))}
          </List>
        )}
        {problem?.request_id ? (
          <Text size="xs" className="mono">
            {t('shell.requestId', { id: problem.request_id })}
          </Text>
        ) : null}
        {onRetry === undefined ? null : (
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('words.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** What `fetch` throws when nobody answers says nothing that would help; other mistakes speak for themselves. */
function textOf(error: unknown, offline: string): string {
  return error instanceof Error && error.name !== 'TypeError' ? error.message : offline
}
