import { anyUpdatePath, feedPath, petitionPath, updatePath } from '../../petition/paths.ts'
import { currentText, type Petition } from '../../petition/petition.ts'
import { escapeXml } from '../../platform/escape-xml.ts'
import { translator } from '../../platform/i18n/translate.ts'
import { chooseText } from '../../update/choose-text.ts'
import type { Update } from '../../update/updates.ts'
import { renderMarkdown } from '../petition/render-markdown.ts'

/** A feed's readers ask for news, not for an archive. */
const NEWEST = 30

/**
 * The updates as an Atom feed (RFC 4287) in one language; an update that is not in it comes in another, and says so.
 * Ids have no language, so that a reader who changes it gets nothing twice.
 */
export function writeFeed(
  origin: string,
  { petition, updates }: { petition: Petition; updates: Update[] },
  language: string,
): string {
  const { content } = currentText(petition, language)
  const t = translator(language)
  const newest = updates.slice(0, NEWEST)
  const changed = newest.map(({ updatedAt }) => updatedAt.getTime())
  const updated = newest.length > 0 ? new Date(Math.max(...changed)) : petition.updatedAt
  const self = `${origin}${feedPath(petition.slug)}`
  const authors = petition.settings.organisers.map(
    ({ id }) => `<author><name>${escapeXml(content.organisers[id] ?? id)}</name></author>\n`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
<id>${self}</id>
<title>${escapeXml(t('updates.feedTitle', { petition: content.title }))}</title>
<subtitle>${escapeXml(content.slogan)}</subtitle>
<updated>${updated.toISOString()}</updated>
<link rel="self" type="application/atom+xml" hreflang="${language}" href="${self}?lang=${language}"/>
<link rel="alternate" type="text/html" hreflang="${language}" href="${origin}${petitionPath(petition.slug)(language)}"/>
${authors.join('')}${newest.map((update) => writeEntry(origin, petition, update, language)).join('')}</feed>
`
}

function writeEntry(origin: string, petition: Petition, update: Update, wanted: string): string {
  const { language, content } = chooseText(petition, update, wanted)
  const { name, publishedAt, updatedAt } = update
  return `<entry xml:lang="${language}">
<id>${origin}${anyUpdatePath(petition.slug, name)}</id>
<title>${escapeXml(content.title)}</title>
<published>${publishedAt.toISOString()}</published>
<updated>${updatedAt.toISOString()}</updated>
<link rel="alternate" type="text/html" hreflang="${language}" href="${origin}${updatePath(petition.slug, name)(language)}"/>
<content type="html">${escapeXml(renderMarkdown(content.body))}</content>
</entry>
`
}
