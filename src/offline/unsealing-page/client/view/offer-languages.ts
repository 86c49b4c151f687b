import { currentLanguage, languages, onLanguage, switchLanguage } from '../strings.ts'
import { byId, make } from './elements.ts'

export function offerLanguages(): void {
  const buttons = languages.map(({ tag, name }) => {
    const button = make('button', { type: 'button', lang: tag }, name)
    button.addEventListener('click', () => switchLanguage(tag))
    return button
  })
  byId('languages').replaceChildren(...buttons.map((button) => make('li', {}, button)))
  onLanguage(() => {
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.lang === currentLanguage()))
    }
  })
}
