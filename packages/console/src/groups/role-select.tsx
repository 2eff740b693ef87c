import { Select, Stack, Text } from '@mantine/core'
import type { Role } from '@patgate/domain'
import { useTranslation } from 'react-i18next'

interface RoleSelectProps {
  roles: readonly Role[]
  value: Role
  onChange: (role: Role) => void
}

/** A role, and what it may do. */
export function RoleSelect({ roles, value, onChange }: RoleSelectProps) {
  const { t } = useTranslation()
  return (
    <Select
      label={t('words.role')}
      description={t(`words.rolesMay.${value}`)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={roles.map((role) => ({ value: role, label: t(`words.roles.${role}`) }))}
      renderOption={({ option }) => (
        <Stack gap={0}>
          <Text size="sm">{option.label}</Text>
          <Text size="xs" c="dimmed">
            {t(`words.rolesMay.${option.value as Role}`)}
          </Text>
        </Stack>
      )}
      value={value}
      onChange={(role) => onChange(role as Role)}
      allowDeselect={false}
    />
  )
}
