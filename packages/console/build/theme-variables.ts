import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core'
import type { Plugin } from 'vite'
import { colorVariables } from '../src/theme/color-variables.ts'
import { theme } from '../src/theme/theme.ts'

const NAME = 'virtual:theme-variables.css'
const RESOLVED = `\0${NAME}`

/**
 * The theme as a style sheet, made when the console is built. Mantine would write it into a `<style>` element at run time,
 * which the content security policy forbids (docs/decisions).
 */
export function themeVariables(): Plugin {
  return {
    name: 'patgate:theme-variables',
    resolveId: (id) => (id === NAME ? RESOLVED : null),
    load(id) {
      if (id !== RESOLVED) return null
      const merged = mergeMantineTheme(DEFAULT_THEME, theme)
      const defaults = defaultCssVariablesResolver(merged)
      return [defaults, { ...defaults, ...colorVariables }]
        .map((variables) => convertCssVariables(variables, ':root'))
        .join('\n')
    }
  }
}
