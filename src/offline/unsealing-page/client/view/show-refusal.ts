import { onLanguage, t } from '../strings.ts'
import { byId, make } from './elements.ts'
import { nameWindow, showScreen } from './show-screen.ts'

export type Refusal =
  | { why: 'short'; announced: number; found: number }
  | { why: 'wrongKey'; recipients: string[]; wayOn: boolean }
  | { why: 'unfit' }
  | { why: 'broken'; message: string }

/** What each refusal's continue button says; null where there is no way on. */
const WAYS_ON: Readonly<Record<Refusal['why'], string | null>> = {
  short: 'unsealing.refused.short.continue',
  wrongKey: 'unsealing.refused.wrongKey.continue',
  unfit: null,
  broken: null,
}

let shown: Refusal | null = null
let answer: (goOn: boolean) => void = () => {}

onLanguage(write)

export function listenToRefusal(): void {
  byId('refused-again').addEventListener('click', () => answer(false))
  byId('refused-continue').addEventListener('click', () => answer(true))
}

/** Says why it stops here. @returns true when the reader wants to go on all the same */
export function showRefusal(refusal: Refusal): Promise<boolean> {
  shown = refusal
  write()
  showScreen('refused')
  return new Promise((resolve) => {
    answer = resolve
  })
}

export function forgetRefusal(): void {
  shown = null
  byId('refused-text').replaceChildren()
}

function write(): void {
  if (!shown) return
  const { why } = shown
  byId('refused-heading').textContent = t(`unsealing.refused.${why}.heading`)
  byId('refused-text').replaceChildren(...paragraphs(shown))
  const onwards = byId('refused-continue')
  const wayOn = 'wayOn' in shown && !shown.wayOn ? null : WAYS_ON[why]
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
