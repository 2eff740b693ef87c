import { TextInput, type TextInputProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** As long as the API lets a name be. */
const LONGEST_NAME = 255

/** The name of what a dialog is about: the first thing that is typed there. */
export function NameField(props: TextInputProps) {
  const { t } = useTranslation()
  return (
    <TextInput
      label={t('words.name')}
      required
      withAsterisk={false}
      maxLength={LONGEST_NAME}
      data-autofocus
      {...props}
    />
  )
}
