import { DAY, HOUR, MINUTE, SECOND } from '../../platform/clock.ts'
import { howMany } from '../../platform/terminal/how-many.ts'

/** What one check found. */
export interface Finding {
  /** What was checked. */
  about: string
  state: 'ok' | 'fault' | 'unchecked'
  /** What was found, and why; of something that was not checked, why not. */
  found: string
  /** What to do about a fault; else null. */
  remedy: string | null
}

export const ok = (about: string, found: string): Finding => ({
  about,
  state: 'ok',
  found,
  remedy: null,
})

export const fault = (about: string, found: string, remedy: string): Finding => ({
  about,
  state: 'fault',
  found,
  remedy,
})

export const unchecked = (about: string, why: string): Finding => ({
  about,
  state: 'unchecked',
  found: why,
  remedy: null,
})

/** Checks one thing. A surprise may throw: `examine` makes a finding of it. */
export interface Check {
  about: string
  look(): Promise<Finding | Finding[]>
}

const WORDS = { ok: 'ok', fault: 'FAULT', unchecked: 'not checked' } as const
const STATE_WIDTH = 11
const ABOUT_WIDTH = 22

/** One line: state, subject, what and why, what to do. */
export function toLine({ about, state, found, remedy }: Finding): string {
  const text = remedy === null ? found : `${found}: ${remedy}`
  return `${WORDS[state].padEnd(STATE_WIDTH)}  ${about.padEnd(ABOUT_WIDTH)}  ${text}`
}

/** `3 minutes`, `2 days`: the largest unit of which there are two, else the next smaller one. */
export function inWords(milliseconds: number): string {
  const units = [
    ['day', DAY],
    ['hour', HOUR],
    ['minute', MINUTE],
    ['second', SECOND],
  ] as const
  const [name, length] = units.find(([, each]) => milliseconds >= 2 * each) ?? units[3]
  const count = Math.max(0, Math.round(milliseconds / length))
  return `${howMany(count, name)}`
}

/** `812 B`, `4.2 kB`, `1.3 GB`: in the largest unit of which there is at least one. */
export function inBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const [name, size] = [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ].find(([, each]) => bytes >= Number(each))!
  return `${(bytes / Number(size)).toFixed(1)} ${name}`
}
