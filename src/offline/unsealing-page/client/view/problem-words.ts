import type { Problem, ProblemKind } from '../gather-list.ts'
import { t } from '../strings.ts'

const WORDS: Readonly<Record<ProblemKind, string>> = {
  mismatch: 'mismatch',
  misplaced: 'misplaced',
  repeated: 'repeated',
  'same e-mail': 'sameEmail',
  damaged: 'damaged',
  'no record': 'noRecord',
  'other keys': 'otherKeys',
}

export function kindName(kind: ProblemKind): string {
  const word = WORDS[kind]
  return t(`unsealing.problem.${word}.name`)
}

export function kindMeaning(kind: ProblemKind): string {
  const word = WORDS[kind]
  return t(`unsealing.problem.${word}.meaning`)
}

/** What a record with a problem is called by: its number, else its line in the file. */
export function problemTitle({ id, line }: Problem): string {
  return id === null
    ? t('unsealing.problem.line', { line: String(line) })
    : t('unsealing.problem.record', { id })
}

/** What is wrong, and which other record has to do with it. */
export function problemText({ kind, earlier }: Problem): string {
  if (kind === 'repeated' && earlier) {
    return `${kindName(kind)}: ${t('unsealing.problem.line', { line: String(earlier.line) })}`
  }
  return earlier
    ? `${kindName(kind)}: ${t('unsealing.problem.record', { id: earlier.id })}`
    : kindName(kind)
}
