import { fill, type Word } from '../../platform/i18n/fill-words.ts'

/** Says one of the page's words; `count` among the values chooses the plural form. */
export type Tell = (word: string, values?: Readonly<Record<string, string | number>>) => string

/** The words that the page brings, in its language. */
export function readWords(root: HTMLElement): Tell {
  const words = JSON.parse(root.dataset.words!) as Record<string, Word>
  return (word, values = {}) => fill(words[word]!, values, root.dataset.language!)
}

/** Shows a verdict, by colour and in words. */
export function say(output: HTMLElement, verdict: 'good' | 'bad' | 'plain', lines: string[]): void {
  output.dataset.verdict = verdict
  output.replaceChildren(
    ...lines.map((line) => {
      const paragraph = document.createElement('p')
      paragraph.textContent = line
      return paragraph
    }),
  )
}
