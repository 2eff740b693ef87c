import { NotFoundPage } from './not-found-page.tsx'

/** The same for an address that no part of the console knows, which has no frame around it. */
export function LostPage() {
  return (
    <main>
      <NotFoundPage />
    </main>
  )
}
