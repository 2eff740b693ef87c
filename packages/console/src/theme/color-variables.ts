/**
 * Colours of Mantine that are too faint on their ground for WCAG 2.2 AA (4.5 to 1 for text), and the grounds themselves.
 * The browser suite measures every page.
 */
export const colorVariables = {
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a6372',
    '--mantine-color-placeholder': '#6b7483',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-default-border': '#d3d8df',
    '--mantine-color-anchor': '#3f4dc0',
    '--console-ground': '#f7f8fa',
    '--console-line': '#e3e6eb',
    '--console-raised': '#ffffff'
  },
  dark: {
    '--mantine-color-dimmed': '#98a1b0',
    '--mantine-color-placeholder': '#8b94a3',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-body': '#171b21',
    '--mantine-color-default-border': '#3a414d',
    '--mantine-color-anchor': '#95a1f2',
    '--console-ground': '#12151a',
    '--console-line': '#2a303a',
    '--console-raised': '#171b21'
  }
}
