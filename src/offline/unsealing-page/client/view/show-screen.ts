import { t } from '../strings.ts'

export type Screen = 'choose' | 'working' | 'refused' | 'list' | 'subscribers'

/** Shows one screen and begins it at its heading, as a new page would. */
export function showScreen(screen: Screen, { focus = true } = {}): void {
  for (const section of sections()) section.hidden = section.dataset.screen !== screen
  nameWindow()
  scrollTo(0, 0)
  if (focus) current()?.querySelector('h1')?.focus({ preventScroll: true })
}

/** To be called again when the heading says something else. */
export function nameWindow(): void {
  const heading = current()?.querySelector('h1')?.textContent
  document.title = heading ? `${heading} – ${t('site.name')}` : t('site.name')
}

const current = () => sections().find((section) => !section.hidden)

const sections = () => [...document.querySelectorAll<HTMLElement>('[data-screen]')]
