import { Button, Group, Menu, useMantineColorScheme } from '@mantine/core'
import { IconCheck, IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { changeLanguage, currentLanguage, LANGUAGES, type Language } from '../i18n/i18n.ts'

const SCHEMES = [
  { scheme: 'light', name: 'shell.light', Icon: IconSun },
  { scheme: 'dark', name: 'shell.dark', Icon: IconMoon },
  { scheme: 'auto', name: 'shell.system', Icon: IconDeviceDesktop }
] as const
const LANGUAGE_NAMES = { en: 'shell.english', fr: 'shell.french' } as const satisfies Record<Language, string>

/** Entries of a menu: which language, each in its own words. */
export function LanguageItems() {
  const { t } = useTranslation()
  return LANGUAGES.map((language) => {
    const isChosen = language === currentLanguage()
    return (
      <Menu.Item
        key={language}
        lang={language}
        role="menuitemradio"
        aria-checked={isChosen}
        onClick={() => changeLanguage(language)}
        rightSection={isChosen ? <IconCheck size={16} aria-hidden /> : null}
      >
        {t(LANGUAGE_NAMES[language])}
      </Menu.Item>
    )
  })
}

export function AppearanceItems() {
  const { t } = useTranslation()
  // Without this the library would write a <style> element, which the policy of the page forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  return SCHEMES.map(({ scheme, name, Icon }) => (
    <Menu.Item
      key={scheme}
      role="menuitemradio"
      aria-checked={colorScheme === scheme}
      onClick={() => setColorScheme(scheme)}
      leftSection={<Icon size={16} aria-hidden />}
      rightSection={colorScheme === scheme ? <IconCheck size={16} aria-hidden /> : null}
    >
      {t(name)}
    </Menu.Item>
  ))
}

/** For whoever is not signed in, and so has no user menu. */
export function PreferenceMenus() {
  const { t } = useTranslation()
  return (
    <Group gap="xs">
      <Menu>
        <Menu.Target>
          <Button variant="subtle" color="gray" size="xs" leftSection={<IconLanguage size={16} aria-hidden />}>
            {t('shell.language')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <LanguageItems />
        </Menu.Dropdown>
      </Menu>
      <Menu>
        <Menu.Target>
          <Button variant="subtle" color="gray" size="xs" leftSection={<IconSun size={16} aria-hidden />}>
            {t('shell.appearance')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <AppearanceItems />
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}
