import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { en } from './en.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    readonly resources: { readonly translation: typeof en }
    readonly enableSelector: false
  }
}

export const LANGUAGES = ['en', 'fr'] as const
export type Language = (typeof LANGUAGES)[number]

const STORED_AS = 'patgate-language'

/** Each catalogue is a file of its own: nobody loads a language that they do not read. */
const catalogues: Record<Language, () => Promise<object>> = {
  en: async () => (await import('./en.ts')).en,
  fr: async () => (await import('./fr.ts')).fr
}

/** The language that was chosen here before, else the first of the browser's that we have, else English. */
export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: false,
    resources: {},
    partialBundledLanguages: true,
    interpolation: { escapeValue: false },
    react: { useSuspense: false }
  })
  await speak(preferred())
}

export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED_AS, language)
  await speak(language)
}

export function currentLanguage(): Language {
  return asLanguage(i18next.language) ?? 'en'
}

async function speak(language: Language): Promise<void> {
  i18next.addResourceBundle(language, 'translation', await catalogues[language](), true, true)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

function preferred(): Language {
  const wishes = [localStorage.getItem(STORED_AS) ?? '', ...navigator.languages]
  return wishes.map((wish) => asLanguage(wish.slice(0, 2).toLowerCase())).find((known) => known !== null) ?? 'en'
}

function asLanguage(text: string): Language | null {
  return LANGUAGES.find((language) => language === text) ?? null
}
