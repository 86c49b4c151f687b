import type { Page } from '../page.ts'
import { formatNumber, onLanguage, t } from '../strings.ts'
import { byId, make } from './elements.ts'
import { nameWindow, showScreen } from './show-screen.ts'

export type Step = 'reading' | 'unlocking' | 'trying' | 'opening'

/** Screen readers hear of every tenth that is done. */
const NEWS_EVERY = 0.1

export interface Progress {
  step: Step
  /** Null while it is not known. */
  done: number | null
  total: number
  /** The share that screen readers were told last. */
  announced: number
}

/** @param total records, or bytes while reading */
export function showWorking(page: Page, step: Step, done: number | null = null, total = 0): void {
  const { held } = page
  const announced = step === held.progress.step ? held.progress.announced : 0
  held.progress = { step, done, total, announced }
  writeProgress(page)
}

function writeProgress({ held: { progress } }: Page): void {
  const { step, done, total, announced } = progress
  const line = byId<HTMLProgressElement>('working-line')
  if (done === null) {
    line.removeAttribute('value')
  } else {
    line.max = Math.max(total, 1)
    line.value = done
  }
  byId('working-step').textContent = t(`unsealing.working.${step}`)
  const counted = step === 'opening' && done !== null
  const count = byId('working-count')
  count.textContent = counted
    ? t('unsealing.working.count', { done: formatNumber(done), total: formatNumber(total) })
    : ''
  if (!counted || done < (announced + NEWS_EVERY) * total) return
  progress.announced = done / total
  byId('working-news').textContent = count.textContent
}

export type Refusal =
  | { why: 'short'; announced: number; found: number }
  | { why: 'wrongKey'; recipients: string[]; wayOn: boolean }
  | { why: 'unfit' }
  | { why: 'broken'; message: string }

/** The text of each refusal's continue button; null where there is none. */
const WAYS_ON: Readonly<Record<Refusal['why'], string | null>> = {
  short: 'unsealing.refused.short.continue',
  wrongKey: 'unsealing.refused.wrongKey.continue',
  unfit: null,
  broken: null,
}

export function listenToOpening(page: Page): void {
  onLanguage(() => writeProgress(page))
  onLanguage(() => writeRefusal(page))
  const answer = (goOn: boolean) => page.held.refusal?.answer(goOn)
  byId('refused-again').addEventListener('click', () => answer(false))
  byId('refused-continue').addEventListener('click', () => answer(true))
}

/** Explains why the opening stopped. @returns true when the reader wants to go on all the same */
export function showRefusal(page: Page, refusal: Refusal): Promise<boolean> {
  return new Promise((resolve) => {
    page.held.refusal = { refusal, answer: resolve }
    writeRefusal(page)
    showScreen('refused')
  })
}

export function forgetRefusal(page: Page): void {
  page.held.refusal = null
  byId('refused-text').replaceChildren()
}

function writeRefusal({ held }: Page): void {
  if (!held.refusal) return
  const { refusal } = held.refusal
  const { why } = refusal
  byId('refused-heading').textContent = t(`unsealing.refused.${why}.heading`)
  byId('refused-text').replaceChildren(...paragraphs(refusal))
  const onwards = byId('refused-continue')
  const wayOn = 'wayOn' in refusal && !refusal.wayOn ? null : WAYS_ON[why]
  onwards.hidden = wayOn === null
  if (wayOn) onwards.textContent = t(wayOn)
  nameWindow()
}

function paragraphs(refusal: Refusal): HTMLElement[] {
  const { why } = refusal
  const text = make('p', {}, t(`unsealing.refused.${why}.text`))
  if (why === 'short') {
    const { announced, found } = refusal
    return [
      make('p', { class: 'figure' }, t('unsealing.refused.short.counts', { announced, found })),
      text,
    ]
  }
  if (why === 'wrongKey') {
    return [text, ...refusal.recipients.map((key) => make('p', {}, make('code', {}, key)))]
  }
  if (why === 'broken') return [text, make('p', { class: 'help' }, refusal.message)]
  return [text]
}
