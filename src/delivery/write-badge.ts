import { currentText, type Petition } from '../petition/petition.ts'
import { escapeXml } from '../platform/escape-xml.ts'

/** Markup by which other sites show the count, as a picture that leads to the petition: to be copied. */
export function writeBadge(
  petition: Petition,
  { site, url, language }: { site: string; url: string; language: string },
): string {
  const { title } = currentText(petition, language).content
  const picture = `${site}/p/${petition.slug}/badge.svg?lang=${language}`
  const link = `${url}?source=badge`
  const image = `<img src="${escapeXml(picture)}" alt="${escapeXml(title)}" height="28">`
  return `HTML
<a href="${escapeXml(link)}">${image}</a>

Markdown
[![${title.replace(/[\\[\]]/g, '\\$&')}](${picture})](${link})
`
}
