import { intlFormatDistance } from 'date-fns/intlFormatDistance'
import { useTranslation } from 'react-i18next'

const A_DAY_MS = 86_400_000

/** Times and numbers in the reader's language; times in the time zone of their machine. */
export interface Format {
  /** 3 March 2026, 14:05. */
  dateTime(time: string): string
  /** With seconds and time zone: what a tooltip shows. */
  exactTime(time: string): string
  /** 14:05:09.123, for rows of a log. */
  clock(time: string): string
  day(time: string | number | Date): string
  /** A mark on a time axis: the time of day where marks are hours apart or less, else the day. */
  axisMark(timeMs: number, stepMs: number): string
  /** In 3 days, 2 hours ago. */
  relative(time: string): string
  number(value: number): string
  list(words: readonly string[]): string
}

function createFormat(language: string): Format {
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' })
  const clock = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23'
  })
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  const timeOfDay = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' })
  const shortDay = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' })
  const numbers = new Intl.NumberFormat(language)
  const lists = new Intl.ListFormat(language, { type: 'conjunction' })
  return {
    dateTime: (time) => dateTime.format(new Date(time)),
    exactTime: (time) => exact.format(new Date(time)),
    clock: (time) => clock.format(new Date(time)),
    day: (time) => day.format(new Date(time)),
    axisMark(timeMs, stepMs) {
      const time = new Date(timeMs)
      const isMidnight = time.getHours() === 0 && time.getMinutes() === 0
      return (stepMs < A_DAY_MS && !isMidnight ? timeOfDay : shortDay).format(time)
    },
    relative: (time) => intlFormatDistance(new Date(time), new Date(), { locale: language, numeric: 'auto' }),
    number: (value) => numbers.format(value),
    list: (words) => lists.format(words)
  }
}

const formats = new Map<string, Format>()

/** One for each language: what formats dates is dear to make, and every row of a table asks for it. */
export function useFormat(): Format {
  const { i18n } = useTranslation()
  const language = regional(i18n.language)
  const format = formats.get(language) ?? createFormat(language)
  formats.set(language, format)
  return format
}

/** English is written otherwise in London than in New York: the browser knows where its reader is at home. */
function regional(language: string): string {
  return navigator.languages.find((wish) => wish.split('-')[0] === language) ?? language
}
