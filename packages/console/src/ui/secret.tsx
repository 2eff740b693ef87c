import { Alert, Button, Group, Stack } from '@mantine/core'
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { CopyButton } from './copy.tsx'
import { saveFile } from './save-file.ts'
import classes from './secret.module.css'

interface SecretProps {
  text: string
  label: string
  warning: ReactNode
  /** The name of the file, where it may be downloaded. */
  fileName?: string
}

/**
 * A secret, the one time it is shown. It lives in the memory of this page and nowhere else: not in an address, not in
 * storage, and gone with the page.
 */
export function Secret({ text, label, warning, fileName }: SecretProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <Stack gap="sm">
      <Alert color="orange" variant="light" icon={<IconAlertTriangle size={18} aria-hidden />}>
        {warning}
      </Alert>
      <div className={classes.secret}>
        <input
          id={id}
          className={classes.text}
          aria-label={label}
          readOnly
          value={text}
          onFocus={(event) => event.currentTarget.select()}
          autoComplete="off"
          spellCheck={false}
          data-secret
        />
        <Group gap="xs" wrap="nowrap">
          <CopyButton text={text} label={`${t('words.copy')}: ${label}`} />
          {fileName === undefined ? null : (
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => saveFile(new Blob([`${text}\n`], { type: 'text/plain' }), fileName)}
            >
              {t('words.download')}
            </Button>
          )}
        </Group>
      </div>
    </Stack>
  )
}
