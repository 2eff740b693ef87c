import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** A blue that leans to violet: far enough from the green, amber and orange that say how a token is. */
const brand: MantineColorsTuple = [
  '#eef0ff',
  '#dde1fd',
  '#bac2f8',
  '#95a1f2',
  '#7785ec',
  '#5f6fe4',
  '#4c5cd9',
  '#3f4dc0',
  '#353f9c',
  '#2c347c'
]

const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#eff1f4',
  '#e3e6eb',
  '#d3d8df',
  '#b6bdc8',
  '#8b94a3',
  '#626b7a',
  '#4a5260',
  '#333a45',
  '#1f242c'
]

const dark: MantineColorsTuple = [
  '#dfe3ea',
  '#b9c0cc',
  '#98a1b0',
  '#6f7989',
  '#3a414d',
  '#2a303a',
  '#20252d',
  '#171b21',
  '#12151a',
  '#0d1014'
]

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 6, dark: 6 },
  colors: { brand, gray, dark },
  black: '#1b2028',
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '12px', sm: '14px', md: '15px', lg: '17px', xl: '20px' },
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '24px' }, h2: { fontSize: '18px' }, h3: { fontSize: '15px' } }
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Scrolling is held by a rule of our own (console.css): the library would write a <style> element.
    Text: { defaultProps: { size: 'sm' } },
    Modal: { defaultProps: { lockScroll: false, centered: true, overlayProps: { backgroundOpacity: 0.45 } } },
    Drawer: { defaultProps: { lockScroll: false, overlayProps: { backgroundOpacity: 0.35 } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } } },
    // Its words would otherwise keep the colours of the other scheme for a while after a switch.
    SegmentedControl: { defaultProps: { transitionDuration: 0 } },
    Select: { defaultProps: { comboboxProps: { shadow: 'md' } } },
    MultiSelect: { defaultProps: { comboboxProps: { shadow: 'md' } } }
  }
})
