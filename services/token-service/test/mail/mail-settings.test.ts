import { test } from 'tap'
import { mailSettings } from '../../src/mail/mail-settings.ts'

test('mail settings', async (t) => {
  const read = (url: string, from: string) => {
    const mistakes: string[] = []
    return { settings: mailSettings(url, from, mistakes), mistakes }
  }

  await t.test('both, or none', async (t) => {
    t.same(read('', ''), { settings: null, mistakes: [] })
    t.same(read('smtps://mail.example.org', 'a@example.org').mistakes, [])
    t.match(read('smtp://mail.example.org', '').mistakes, [/both or neither/])
    t.match(read('', 'a@example.org').mistakes, [/both or neither/])
  })

  await t.test('an address of a mail server', async (t) => {
    for (const url of ['mail.example.org', 'http://mail.example.org', 'smtp://']) {
      t.match(read(url, 'a@example.org').mistakes, [/SMTP_URL/])
    }
  })
})
