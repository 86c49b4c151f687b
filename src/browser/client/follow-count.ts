import { fill, numbersOf } from '../../platform/i18n/fill-words.ts'
import { chooseWait } from './choose-wait.ts'

/** Readers in step would knock on the server in step: each waits up to this much less. */
const JITTER = 0.2
/** An answer that takes longer is given up. */
const PATIENCE_MS = 10_000
/** Spoken at most this often, however fast the number grows. */
const NEWS_MS = 60_000
const TICK_MS = 700

interface CountJson {
  goal: number
  signatures: { counted: number }
  log: { certified: number } | null
}

/** Keeps the number and its line up to date while the page is in view. */
export function followCount(block: HTMLElement): void {
  const part = <Part extends HTMLElement>(name: string) =>
    block.querySelector<Part>(`[data-${name}]`)!
  const language = document.documentElement.lang
  const numbers = numbersOf(language)
  const url = block.dataset.countUrl!
  let shown = Number(block.dataset.counted)
  const least = Number(block.dataset.least)
  let spokenAt = 0
  let busyAt = Date.now()
  let failures = 0
  let timer = 0
  let asking: AbortController | null = null

  document.addEventListener('visibilitychange', () => (document.hidden ? rest() : wake()))
  // A request under way would keep the page out of the back-forward cache.
  addEventListener('pagehide', rest)
  addEventListener('pageshow', (event) => event.persisted && wake())
  if (!document.hidden) schedule()

  function rest(): void {
    clearTimeout(timer)
    asking?.abort()
    asking = null
  }

  function wake(): void {
    busyAt = Date.now()
    failures = 0
    if (!asking) ask()
  }

  function schedule(): void {
    const wait = chooseWait(Date.now() - busyAt, failures)
    timer = setTimeout(ask, wait * (1 - JITTER * Math.random()))
  }

  async function ask(): Promise<void> {
    clearTimeout(timer)
    const mine = new AbortController()
    asking = mine
    timer = setTimeout(() => mine.abort(), PATIENCE_MS)
    try {
      // Asks even where the browser holds an answer; 304 says that it still stands.
      const answer = await fetch(url, {
        credentials: 'omit',
        cache: 'no-cache',
        signal: mine.signal,
      })
      if (!answer.ok) throw new Error(String(answer.status))
      show((await answer.json()) as CountJson)
      failures = 0
    } catch {
      failures++
    }
    if (asking !== mine) return
    asking = null
    clearTimeout(timer)
    schedule()
  }

  function show({ goal, signatures, log }: CountJson): void {
    const counted = Math.max(signatures.counted, least)
    if (log && counted > 0) showLog(log.certified, counted - log.certified)
    part('goal-text').textContent = numbers.format(goal)
    const line = part<HTMLProgressElement>('count-line')
    line.max = goal
    line.value = counted
    if (counted === shown) return
    block.querySelector('[data-count-first]')?.remove()
    part('count-figure').hidden = false
    tick(part('count-text'), shown, counted)
    shown = counted
    busyAt = Date.now()
    if (Date.now() - spokenAt < NEWS_MS) return
    spokenAt = Date.now()
    part('count-news').textContent = `${part('count-label').textContent} ${numbers.format(counted)}`
  }

  function showLog(certified: number, arrived: number): void {
    const line = part('count-log')
    const say = (part: 'certified' | 'arrived', count: number) =>
      fill(JSON.parse(line.dataset[part]!), { count }, language)
    const both = { certified: say('certified', certified), arrived: say('arrived', arrived) }
    const text = arrived > 0 ? fill(line.dataset.both!, both, language) : both.certified
    if (line.textContent !== text) line.textContent = text
  }

  function tick(text: HTMLElement, from: number, to: number): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const start = performance.now()
    requestAnimationFrame(function step(now: number) {
      const progress = still ? 1 : Math.min(Math.max(now - start, 0) / TICK_MS, 1)
      text.textContent = numbers.format(Math.round(from + (to - from) * progress))
      if (progress < 1) requestAnimationFrame(step)
    })
  }
}
