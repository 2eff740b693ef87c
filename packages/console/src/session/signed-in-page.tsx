import { Center, Text } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { announceSignedIn } from './single-sign-on.ts'

/** Where single sign-on ends when it was begun out of the dialog of another window. */
export function SignedInPage() {
  const { t } = useTranslation()
  useEffect(() => {
    announceSignedIn()
    window.close()
  }, [])
  return (
    <Center component="main" mih="60vh">
      <Text>{t('session.signedInAgain')}</Text>
    </Center>
  )
}
