import { type Findings, tellFirst } from '../../scale/report.ts'
import type { Crowd, Heard } from '../load/crowd.ts'
import { PATIENCE } from '../trial.ts'
import type { Terms } from './judge.ts'

/** For the promised five seconds, on a machine that is short of breath. */
const REFUSED_WITHIN_MS = 7000
const UNAVAILABLE = 503
/** Of all requests, and in the suite of tests, where others load the machine; see src/platform/web/shedding.ts. */
const FEW = { long: 0.01, short: 0.2 }

/** How people were answered. @returns how often each error was answered */
export function judgeAnswers(
  { heard, counted }: Crowd,
  { allows, isShort }: Terms,
  report: Findings,
): Map<number, number> {
  const errors = new Map<number, number>()
  for (const [key, count] of counted) {
    const status = Number(key.split(' ')[1])
    if (status === 0 || status >= 400) errors.set(status, (errors.get(status) ?? 0) + count)
  }
  const check = (what: string, wrong: Heard[], of: Heard[]) =>
    report.check(
      what,
      wrong.length === 0,
      `${wrong.length} of ${of.length} not (${byPath(wrong)})${tellFirst(wrong)}`,
    )

  const few = isShort ? FEW.short : FEW.long
  const pages = heard.filter(({ what }) => what === 'page')
  const away = pages.filter(({ status }) => status !== 200 && !(allows.noAnswer && status === 0))
  check('pages, figures and the log are there throughout', beyondFew(away, pages, few), pages)

  const sent = heard.filter(({ what }) => what !== 'page')
  const wrong = sent.filter(({ status }) => {
    if (status === 0) return !allows.noAnswer
    if (status === UNAVAILABLE) return !allows.refusals
    return status !== 303
  })
  check('what people send is taken', beyondFew(wrong, sent, few), sent)

  const refused = sent.filter(({ status }) => status === UNAVAILABLE)
  const poor = refused.filter(({ kept, retryAfter }) => !kept || retryAfter === null)
  check('who is refused keeps what was typed and learns when to come back', poor, refused)
  const within = REFUSED_WITHIN_MS * (isShort ? PATIENCE : 1)
  const late = refused.filter(({ ms }) => ms > within)
  check(`who is refused learns it within ${within / 1000} s`, late, refused)
  return errors
}

/** Without the few that were asked to come again, since the machine does more than this. */
function beyondFew(wrong: Heard[], of: Heard[], few: number): Heard[] {
  const isBusy = wrong.every(({ status }) => status === UNAVAILABLE)
  return isBusy && wrong.length <= of.length * few ? [] : wrong
}

/** `3 × 503 /log/checkpoint, …`, links and sources left out. */
function byPath(heard: Heard[]): string {
  const counts = new Map<string, number>()
  for (const { status, path } of heard) {
    const key = `${status} ${path.replace(/(source=|confirm\/).*/, '$1…')}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(([key, count]) => `${count} × ${key}`).join(', ')
}
