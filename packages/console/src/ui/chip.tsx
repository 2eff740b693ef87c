import type { ReactNode } from 'react'
import classes from './chip.module.css'

export type Tone = 'green' | 'amber' | 'gray' | 'orange' | 'red' | 'blue'

/** A state in a word; the colour only repeats what the word says. */
export function Chip({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.chip} data-tone={tone}>
      {children}
    </span>
  )
}
