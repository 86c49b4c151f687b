const POLL_MS = 5_000
const POLL_MAX_MS = 60_000
/** Readers in step would knock on the server in step. */
const JITTER = 0.2
/** Spoken at most this often, however fast the number grows. */
const NEWS_MS = 60_000
const TICK_MS = 700

interface CountJson {
  goal: number
  signatures: { counted: number }
}

/** Keeps the number and its line up to date while the page is in view. */
export function followCount(block: HTMLElement): void {
  const part = <Part extends HTMLElement>(name: string) =>
    block.querySelector<Part>(`[data-${name}]`)!
  const numbers = new Intl.NumberFormat(locales(document.documentElement.lang))
  const url = block.dataset.countUrl!
  let shown = Number(block.dataset.counted)
  let spokenAt = 0
  let wait = POLL_MS
  let timer = 0

  document.addEventListener('visibilitychange', schedule)
  schedule()

  function schedule(): void {
    clearTimeout(timer)
    if (!document.hidden) timer = setTimeout(poll, wait * (1 + JITTER * (Math.random() - 0.5)))
  }

  async function poll(): Promise<void> {
    try {
      const answer = await fetch(url, { credentials: 'omit' })
      if (!answer.ok) throw new Error(String(answer.status))
      show((await answer.json()) as CountJson)
      wait = POLL_MS
    } catch {
      wait = Math.min(wait * 2, POLL_MAX_MS)
    }
    schedule()
  }

  function show({ goal, signatures: { counted } }: CountJson): void {
    part('goal-text').textContent = numbers.format(goal)
    const line = part<HTMLProgressElement>('count-line')
    line.max = goal
    line.value = counted
    if (counted === shown) return
    part('count-first').hidden = counted > 0
    part('count-figure').hidden = counted === 0
    tick(part('count-text'), shown, counted)
    shown = counted
    if (Date.now() - spokenAt < NEWS_MS) return
    spokenAt = Date.now()
    part('count-news').textContent = `${part('count-label').textContent} ${numbers.format(counted)}`
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

/** Browsers know fewer languages than the server; these group digits as the language does. */
function locales(language: string): string[] {
  const alike: Record<string, string> = { be: 'ru', az: 'de' }
  return [language, alike[language] ?? 'en']
}
