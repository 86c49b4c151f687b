import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type Handlebars from 'handlebars'
import { isRightToLeft } from '../i18n/direction.ts'
import { views } from '../i18n/translate.ts'
import { createHandlebars } from '../web/handlebars.ts'

/** Mail programs fold the text below it, and leave it out of replies (RFC 3676, section 4.3). */
const SIGNATURE_DELIMITER = '-- '

type Template = Handlebars.TemplateDelegate
type Parts = { subject: Template; text: Template; html: Template }

const handlebars = createHandlebars()
const compiled = new Map<string, Parts>()

/**
 * Renders views/mail/<name>/{subject,text,html}.hbs. Subject and text are plain: nothing is escaped
 * in them. `view.language` chooses the strings.
 */
export function renderMail(
  name: string,
  view: { language: string } & Record<string, unknown>,
): { subject: string; text: string; html: string } {
  const parts = compiled.get(name) ?? compile(name)
  const turned = isRightToLeft(view.language)
  const page = { ...view, direction: turned ? 'rtl' : 'ltr', start: turned ? 'right' : 'left' }
  compiled.set(name, parts)
  return {
    // A subject is one line, whatever a petition's title holds.
    subject: parts.subject(view).replace(/\s+/g, ' ').trim(),
    // Not in the templates, where an editor would remove the trailing space.
    text: `${parts.text({ ...view, signatureDelimiter: SIGNATURE_DELIMITER }).trim()}\n`,
    html: parts.html(page),
  }
}

function compile(name: string): Parts {
  const read = (part: string) => readFileSync(join(views, 'mail', name, `${part}.hbs`), 'utf8')
  return {
    subject: handlebars.compile(read('subject'), { noEscape: true }),
    text: handlebars.compile(read('text'), { noEscape: true }),
    html: handlebars.compile(read('html')),
  }
}

/** Headers of every mail about a petition. */
export function mailHeaders(
  { publicUrl }: { publicUrl: string },
  { slug }: { slug: string },
  language: string,
): Record<string, string> {
  return {
    // RFC 3834: no out-of-office answers come back; RFC 2919: readers can filter by it.
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'List-Id': `<${slug}.${new URL(publicUrl).hostname}>`,
    'Content-Language': language,
  }
}
