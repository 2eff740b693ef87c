// Before the first paint, so that nobody who chose dark sees a white page first. The console itself takes over later.
;(() => {
  const chosen = localStorage.getItem('patgate-color-scheme')
  const isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light')
})()
