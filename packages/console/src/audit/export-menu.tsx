import { Button, Menu } from '@mantine/core'
import type { EventFilters, ExportQuery } from '@patgate/contracts'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { notifyDone } from '../ui/notify.ts'
import { saveExport } from './save-export.ts'

/** The events that are shown, to take along; NDJSON carries the proof of each. */
export function ExportMenu({ filters }: { filters: EventFilters }) {
  const { t } = useTranslation()
  const take = useMutation({
    mutationFn: async (format: NonNullable<ExportQuery['format']>) => {
      const requested = await client.auditLog.export({ ...filters, format })
      if (requested.kind === 'ticket') notifyDone(t('audit.exporting'))
      await saveExport(requested, format)
    },
    onError: () => notifyDone(t('audit.exportFailed'))
  })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={18} aria-hidden />} loading={take.isPending}>
          {t('audit.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => take.mutate('ndjson')}>{t('audit.exportNdjson')}</Menu.Item>
        <Menu.Item onClick={() => take.mutate('csv')}>{t('audit.exportCsv')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
