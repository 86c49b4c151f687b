import type { Times } from '../load/histogram.ts'
import type { Played, Progress } from '../replay-task.ts'
import type { Lost } from './find-lost.ts'
import type { Settled } from './settle.ts'

/** What is printed of a replay. */

export interface Outcome {
  played: Omit<Played, 'did' | 'kind'>
  lost: Lost
  settled: Settled
  /** Seconds, while the crowd was there. */
  processorTime: Record<string, number>
}

const whole = (number: number) => Math.round(number).toLocaleString('en')
const fine = (number: number) => (number < 100 ? number.toFixed(1) : whole(number))

/** @param seconds since `before` */
export function tellProgress(now: Progress, before: Progress | null, seconds: number): string {
  const rate = (pick: (progress: Progress) => number) =>
    before ? `${whole((pick(now) - pick(before)) / seconds)}/s` : ''
  return [
    `hour ${now.hour.toFixed(2)}`,
    `forms ${whole(now.sent)} ${rate((each) => each.sent)}`,
    `mails ${whole(now.mailed)} ${rate((each) => each.mailed)}, ${whole(now.acknowledged - now.mailed)} behind`,
    `confirmed ${whole(now.confirmed)} ${rate((each) => each.confirmed)}`,
    `polls ${rate((each) => each.polls)}`,
    `unanswered ${whole(now.unanswered)}`,
    `errors ${now.errors}`,
  ].join(' | ')
}

export function tellOutcome({ played, lost, settled, processorTime }: Outcome): string {
  const { latencies, mailDelay, countLag, seconds } = played
  const after = (value: number | null) => (value === null ? 'never' : `${fine(value)} s`)
  return [
    `${whole(played.sent)} forms, ${whole(played.acknowledged)} acknowledged (${whole(played.twice)} of them sent twice); ${whole(played.confirmed)} confirmations acknowledged`,
    `the curve took ${fine(played.curveSeconds)} s; the last mail was confirmed after ${fine(seconds)} s`,
    `polls ${whole(played.polls)}, ${whole(played.polls / seconds)}/s, ${((100 * played.unchanged) / Math.max(played.polls, 1)).toFixed(1)} % of them 304`,
    '',
    '| ms | requests | p50 | p95 | p99 | max |',
    '|---|---|---|---|---|---|',
    ...Object.entries(latencies).map(([kind, times]) => tellTimes(kind, times)),
    tellTimes('mail after the form’s answer', mailDelay),
    tellTimes('shown count behind the truth', countLag),
    '',
    `after the last confirmation: counted ${after(settled.counted)}, sealed ${after(settled.sealed)}, logged ${after(settled.logged)}`,
    `processor: ${Object.entries(processorTime)
      .map(([name, time]) => `${name} ${fine(time)} s (${whole((100 * time) / seconds)} %)`)
      .join(', ')}`,
    `mails without a link ${played.mailsWithoutLink}, second mails ${played.doubledMails}`,
    `lost: ${tellNumbers({ ...lost })}`,
    `errors: ${tellNumbers(played.errors) || '0'}`,
  ].join('\n')
}

const tellTimes = (kind: string, { count, p50, p95, p99, max }: Times) =>
  `| ${kind} | ${whole(count)} | ${[p50, p95, p99, max].map(fine).join(' | ')} |`

const tellNumbers = (numbers: Record<string, number>) =>
  Object.entries(numbers)
    .map(([name, number]) => `${name} ${number}`)
    .join(', ')
