import type { AuditEvent } from '@patgate/contracts'
import { Fragment, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { Chip, type Tone } from '../ui/chip.tsx'

const TONES: Record<AuditEvent['outcome'], Tone> = { success: 'green', denied: 'orange', failure: 'red' }

export function OutcomeChip({ outcome }: { outcome: AuditEvent['outcome'] }) {
  const { t } = useTranslation()
  return <Chip tone={TONES[outcome]}>{t(`audit.outcomes.${outcome}`)}</Chip>
}

/** Who did it, in a word: a name, else the kind. */
export function useActorName(): (event: AuditEvent) => string {
  const { t } = useTranslation()
  return useCallback(({ actor }) => actor.name ?? (actor.kind === 'anonymous' ? t('audit.anonymous') : actor.kind), [t])
}

/** What it was about, in a line: the request, else the target. */
export function subjectOf({ request, target, reason }: AuditEvent): string {
  const words = [
    request === null ? '' : `${request.method} ${request.path}`,
    target === null || request !== null ? '' : `${target.type} ${target.id}`,
    reason ?? ''
  ]
  return words.filter((word) => word !== '').join(' · ')
}

/** Where the name of a type of event may go on in the next line: behind a dot or an underscore. */
const BETWEEN_PARTS = /(?<=[._])/

/** The type of an event as it is written, broken between its parts where there is little room. */
export function EventTypeName({ type }: { type: string }) {
  const parts = type.split(BETWEEN_PARTS)
  return (
    <span className="mono">
      {parts.map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one name stay where they are
        <Fragment key={place}>
          {place > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  )
}
