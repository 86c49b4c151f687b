import { formatNumber, onLanguage, t } from '../strings.ts'
import { byId } from './elements.ts'

export type Step = 'reading' | 'unlocking' | 'trying' | 'opening'

/** Screen readers hear of every tenth that is done. */
const NEWS_EVERY = 0.1

interface Progress {
  step: Step
  /** Null while nobody can tell how far it is. */
  done: number | null
  total: number
}

let progress: Progress = { step: 'reading', done: null, total: 0 }
let told = 0

onLanguage(show)

/** @param total records, or bytes while reading */
export function showWorking(step: Step, done: number | null = null, total = 0): void {
  if (step !== progress.step) told = 0
  progress = { step, done, total }
  show()
}

function show(): void {
  const { step, done, total } = progress
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
  if (!counted || done < (told + NEWS_EVERY) * total) return
  told = done / total
  byId('working-news').textContent = count.textContent
}
