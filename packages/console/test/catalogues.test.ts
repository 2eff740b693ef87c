import t from 'tap'
import { en } from '../src/i18n/en.ts'
import { fr } from '../src/i18n/fr.ts'

type Texts = { readonly [key: string]: string | Texts }

/** Every text by its key, such as `tokens.revoke`. */
function textsOf(texts: Texts, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...textsOf(value, `${prefix}${key}.`)]
    )
  )
}

const namesIn = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).sort()
const tagsIn = (text: string): string[] => [...text.matchAll(/<(\w+)>/g)].map(([, tag = '']) => tag).sort()

const english = textsOf(en)
const french = textsOf(fr)

t.test('both catalogues have the same keys', async (t) => {
  t.same([...french.keys()], [...english.keys()])
  t.ok(english.size > 200)
})

t.test('no text is empty, and each speaks of the same things in both languages', async (t) => {
  for (const [key, text] of english) {
    const translated = french.get(key) ?? ''
    t.not(text.trim(), '', key)
    t.not(translated.trim(), '', key)
    // A singular may leave out the number that it stands for.
    const isSingular = key.endsWith('_one')
    if (!isSingular) t.same(namesIn(translated), namesIn(text), `${key}: the values`)
    t.same(tagsIn(translated), tagsIn(text), `${key}: the marks`)
  }
})

t.test('French is written as French is: its quotes, its apostrophe, and a space before what needs one', async (t) => {
  for (const [key, text] of french) {
    t.notMatch(text, /"|'/, key)
    t.notMatch(text.replace(/<code>.*?<\/code>/g, ''), /[\p{L}»][?!;:](\s|$)/u, key)
  }
})
