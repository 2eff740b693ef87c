import './theme/mantine.css'
import 'virtual:theme-variables.css'
import './theme/console.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/query-client.ts'
import { startLanguage } from './i18n/i18n.ts'
import { router } from './router.tsx'
import { signInQuery } from './session/sign-in-query.ts'
import { theme } from './theme/theme.ts'

// The pages that were open while the console was updated ask for files that are gone: the new ones know better.
window.addEventListener('vite:preloadError', () => window.location.reload())

const element = document.getElementById('root')
if (element === null) throw new Error('the page has no place for the console')
// Who is signed in decides on the first page, and is asked while the words are on their way.
void queryClient.prefetchQuery(signInQuery)
await startLanguage()

createRoot(element).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager({ key: 'patgate-color-scheme' })}
      // Both would be <style> elements, which the policy of the page forbids; the build wrote them into a file.
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Notifications position="bottom-center" limit={4} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>
)
