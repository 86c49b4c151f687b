import { currentLanguage, languages, onLanguage, switchLanguage, t } from '../strings.ts'
import { byId, make } from './elements.ts'

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

export function offerLanguages(): void {
  const buttons = languages.map(({ tag, name }) => {
    const button = make('button', { type: 'button', lang: tag, dir: 'auto' }, name)
    button.addEventListener('click', () => {
      switchLanguage(tag)
      button.closest('details')!.open = false
    })
    return button
  })
  byId('languages').replaceChildren(...buttons.map((button) => make('li', {}, button)))
  onLanguage(() => {
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.lang === currentLanguage()))
    }
  })
}

/** Reminds of the network while there seems to be one. This page can't use it; other programs can. */
export function watchNetwork(): void {
  const show = () => {
    byId('online').hidden = !navigator.onLine
  }
  addEventListener('online', show)
  addEventListener('offline', show)
  show()
}
