/** Puts values in the place of their names in braces. */
export function fill(words: string, values: Record<string, string>): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** Shows what was found: as good or as bad, which is said in words too. */
export function say(place: HTMLElement, verdict: 'good' | 'bad' | 'plain', lines: string[]): void {
  place.dataset.verdict = verdict
  place.replaceChildren(
    ...lines.map((line) => {
      const paragraph = document.createElement('p')
      paragraph.textContent = line
      return paragraph
    }),
  )
}

/** Digits as the page's language groups them; browsers know fewer languages than the server. */
export function numbersOf(root: HTMLElement): Intl.NumberFormat {
  const language = root.dataset.language!
  const alike = new Map([
    ['be', 'ru'],
    ['az', 'de'],
  ])
  return new Intl.NumberFormat([language, alike.get(language) ?? 'en'])
}
