import { Modal, Stack, Text } from '@mantine/core'
import type { CurrentSession } from '@patgate/contracts'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { type Renewal, sessionRenewal } from './session-renewal.ts'
import { SignInForm } from './sign-in-form.tsx'
import { signInQuery, useSession } from './sign-in-query.ts'
import { onSignedInElsewhere, SIGNED_IN_PATH, singleSignOnAddress } from './single-sign-on.ts'

/** Stands over whatever page is open when a call found that the session is over; the page keeps what was typed. */
export function SessionDialog() {
  const renewal = useSyncExternalStore(sessionRenewal.subscribe, sessionRenewal.current)
  return renewal === null ? null : <SignInAgain renewal={renewal} />
}

function SignInAgain({ renewal }: { renewal: Renewal }) {
  const { t } = useTranslation()
  const { user } = useSession()
  const { data } = useSuspenseQuery(signInQuery)
  const [isWaiting, setWaiting] = useState(false)
  const signedIn = useSignedIn(renewal)
  useEffect(
    () =>
      onSignedInElsewhere(async () => {
        const { session } = await client.sessions.signIn()
        if (session !== null) signedIn(session)
      }),
    [signedIn]
  )
  return (
    <Modal
      opened
      onClose={renewal.givenUp}
      title={t('session.ended')}
      closeButtonProps={{ 'aria-label': t('words.close') }}
      closeOnClickOutside={false}
    >
      <Stack gap="md">
        <Text size="sm">{t('session.endedText')}</Text>
        <SignInForm
          email={user.email}
          hasSingleSignOn={data.single_sign_on}
          onSingleSignOn={() => {
            setWaiting(true)
            window.open(singleSignOnAddress(SIGNED_IN_PATH), '_blank', 'popup,width=520,height=680')
          }}
          onSignedIn={signedIn}
        />
        <Text size="xs" c="dimmed">
          {isWaiting ? t('session.waitingForOther') : t('session.otherPerson', { email: user.email })}
        </Text>
      </Stack>
    </Modal>
  )
}

/** Another person must not go on in the pages of the first: for them everything is loaded anew. */
function useSignedIn(renewal: Renewal): (session: CurrentSession) => void {
  const queryClient = useQueryClient()
  const { user } = useSession()
  return (session) => {
    if (session.user.id !== user.id) return window.location.reload()
    queryClient.setQueryData(signInQuery.queryKey, (before) => (before === undefined ? before : { ...before, session }))
    renewal.renewed()
  }
}
