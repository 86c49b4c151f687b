import Handlebars from 'handlebars'
import type { Db } from '../database.ts'
import type { Petitions } from '../petition/petitions.ts'
import {
  type Later,
  type Mail,
  type Mailer,
  sendOrPutOff,
  waitForDomain,
} from '../platform/mail/mail.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { type Alert, listAlerts } from './alert.queries.ts'

export const MAIL_ALERTS = 'mail-alerts'

export interface MailAlertsJob {
  /** Of alerts. */
  ids: number[]
  attempt?: number
  since?: number
  doubted?: number
  hung?: boolean
}

export interface MailAlertsNeeds {
  db: Db
  mailer: Pick<Mailer, 'enter'>
  petitions: Pick<Petitions, 'all'>
  config: { alertsTo: string | null; publicUrl: string }
}

/** Mails new alerts to whoever runs the site. A second mail, should a worker die, does no harm. */
export async function mailAlerts(
  { db, mailer, petitions, config }: MailAlertsNeeds,
  job: MailAlertsJob,
): Promise<'sent' | 'not due' | 'refused' | Later> {
  const { alertsTo, publicUrl } = config
  if (alertsTo === null) return 'not due'
  const slugs = new Map((await petitions.all()).map(({ id, slug }) => [id, slug]))
  const alerts = (await listAlerts(db, { ids: job.ids })).filter(({ closedAt }) => !closedAt)
  if (alerts.length === 0) return 'not due'
  const place = await mailer.enter(alertsTo, job.hung)
  if ('wait' in place) return waitForDomain(place, job, 'slow')
  try {
    return await sendOrPutOff(place, composeAlerts(alertsTo, publicUrl, alerts, slugs), job.doubted)
  } finally {
    place.leave()
  }
}

function composeAlerts(
  to: string,
  publicUrl: string,
  alerts: Alert[],
  slugs: ReadonlyMap<number, string>,
): Mail {
  const { host } = new URL(publicUrl)
  const lines = alerts.map((alert) => `${slugs.get(alert.petitionId)}: ${describeAlert(alert)}`)
  const text = `On ${host} forms have more in common than before:

${lines.join('\n')}

It may be a crowd that came by one link, or a farm of signers. "undersigned alert list" shows the figures again,
"undersigned quarantine --help" how to look at such signatures, and how to take them out of the count until you know.
`
  return {
    to,
    subject: `${host}: forms have more in common than before`,
    text,
    html: `<pre>${Handlebars.escapeExpression(text)}</pre>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

/** One line with the alert's numbers. */
export function describeAlert({ trait, value, figures }: Alert): string {
  const { window, seen, expected, forms, usualForms, score, largest = [] } = figures
  const groups =
    largest.length > 0 ? `; ${howMany(largest.length, 'group')} of 5 forms or more` : ''
  return `${trait}=${value}: ${seen} of ${howMany(forms, 'form')} of one ${window}, ${expected} expected (a usual ${window} has ${howMany(usualForms, 'form')}; score ${score})${groups}`
}
