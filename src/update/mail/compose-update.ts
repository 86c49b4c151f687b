import type { Db } from '../../database.ts'
import { petitionPath, updatePath } from '../../petition/paths.ts'
import { currentText, type Petition } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { makeToken } from '../../platform/link-token.ts'
import type { Mail } from '../../platform/mail/mail.ts'
import { mailHeaders, renderMail } from '../../platform/mail/render-mail.ts'
import { MOST_A_WEEK } from '../../subscriber/most-a-week.ts'
import { chooseText } from '../choose-text.ts'
import { listUpdates, type Update } from '../update-rows.ts'
import type { Broadcast } from './broadcast.queries.ts'
import type { Compose } from './deliver.ts'

interface MailMeans {
  config: { publicUrl: string }
  /** Markdown to safe HTML, as on pages. */
  toHtml: (markdown: string) => string
}

export interface ComposeNeeds extends MailMeans {
  db: Db
  keyring: Keyring
  petitions: Petitions
}

/** What a mail tells, in one language. */
interface Told {
  language: string
  headline: string
  /** Markdown, which is the plain text as well. */
  body: string
  /** Where it can be read and shared. */
  path: string
}

/** @returns null where there is nothing to tell: the petition is hidden, or gone with its updates */
export async function createComposer(
  needs: ComposeNeeds,
  broadcast: Broadcast,
): Promise<Compose | null> {
  const petition = await needs.petitions.findById(broadcast.petition_id)
  if (!petition || petition.hiddenAt) return null
  const { update_id: updateId, milestone } = broadcast
  const updates = updateId === null ? [] : await listUpdates(needs.db, petition.id)
  const update = updates.find(({ id }) => id === updateId)
  if (!update && milestone === null) return null
  const tell = (language: string) =>
    update ? tellUpdate(petition, update, language) : tellMilestone(petition, milestone!, language)
  return (to, { id, tag, language }) => {
    const told = tell(language)
    const token = makeToken(needs.keyring, 'unsubscribe', { id, address: tag })
    const leave = `${needs.config.publicUrl}/${told.language}/unsubscribe/${token}`
    return compose(needs, petition, told, { to, leave })
  }
}

/** The HTML of an update's mail, for a look before it is published. */
export function showMail(
  needs: MailMeans,
  petition: Petition,
  update: Update,
  language: string,
): string {
  return composeTest(needs, petition, update, { to: '', language }).html
}

/** To the organisers themselves, before the real ones: its link to leave the list leads to the petition. */
export function composeTest(
  needs: MailMeans,
  petition: Petition,
  update: Update,
  { to, language }: { to: string; language: string },
): Mail {
  const told = tellUpdate(petition, update, language)
  const leave = `${needs.config.publicUrl}${petitionPath(petition.slug)(told.language)}`
  const { headers, subject, ...mail } = compose(needs, petition, told, { to, leave })
  const { 'List-Unsubscribe': _, 'List-Unsubscribe-Post': __, ...rest } = headers
  return { ...mail, subject: `[${told.language}] ${subject}`, headers: rest }
}

function compose(
  { config, toHtml }: MailMeans,
  petition: Petition,
  { language, headline, body, path }: Told,
  { to, leave }: { to: string; leave: string },
): Mail {
  return {
    to,
    // The subject is neutral: it shows on a locked phone, whose holder may not be meant to know of the petition.
    ...renderMail('update', {
      language,
      headline,
      bodyText: body,
      bodyHtml: toHtml(body),
      title: currentText(petition, language).content.title,
      petitionUrl: `${config.publicUrl}${petitionPath(petition.slug)(language)}`,
      readUrl: `${config.publicUrl}${path}`,
      unsubscribeUrl: leave,
      aWeek: MOST_A_WEEK,
      site: new URL(config.publicUrl).host,
    }),
    lane: 'update',
    headers: {
      ...mailHeaders(config, petition, language),
      // RFC 8058: the mail program's own button, which posts without opening the page.
      'List-Unsubscribe': `<${leave}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }
}

function tellUpdate(petition: Petition, update: Update, wanted: string): Told {
  const { language, content } = chooseText(petition, update, wanted)
  const path = updatePath(petition.slug, update.name)(language)
  return { language, headline: content.title, body: content.body, path }
}

function tellMilestone(petition: Petition, milestone: number, wanted: string): Told {
  const { language } = currentText(petition, wanted)
  const t = translator(language)
  return {
    language,
    headline: t('mail.milestone.heading', { count: milestone }),
    body: t('mail.milestone.text', { count: milestone }),
    path: petitionPath(petition.slug)(language),
  }
}
