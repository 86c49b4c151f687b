import type { Db } from '../database.ts'
import { endLeases, LEASED_ELSEWHERE, type Leases } from '../defence/lease-mails.ts'
import { petitionPath } from '../petition/paths.ts'
import { currentText, offersUpdates, type Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { holdLock } from '../platform/database/locks.ts'
import { untilWritten } from '../platform/database/until-written.ts'
import type { Keyring } from '../platform/keyring.ts'
import { makeToken } from '../platform/link-token.ts'
import {
  HELD_ELSEWHERE,
  type Later,
  type Mail,
  type Mailer,
  sendOrPutOff,
  waitForDomain,
} from '../platform/mail/mail.ts'
import { mailHeaders, renderMail } from '../platform/mail/render-mail.ts'
import { MOST_A_WEEK } from './most-a-week.ts'
import { findSubscriber, markWelcomed, type Subscriber, unsubscribe } from './store.ts'
import { decryptSubscriber } from './subscriber-secrets.ts'

export const WELCOME_SUBSCRIBER = 'welcome-subscriber'

export interface WelcomeSubscriberJob {
  /** The subscriber's id. */
  id: string
  /** How often this mail was put off. */
  attempt?: number
  /** Since when its mailbox is in doubt; of the attempt before. */
  doubted?: number
  since?: number
  hung?: boolean
}

export interface WelcomeNeeds {
  db: Db
  keyring: Keyring
  mailer: Mailer
  petitions: Petitions
  leases: Leases
  config: { publicUrl: string }
}

/**
 * Mails a subscriber which updates will come and how to leave the list: marks the mail as under way, sends it, writes
 * down the outcome. Safe to run twice: a retried job sees welcomed, or the mark.
 */
export async function welcomeSubscriber(
  needs: WelcomeNeeds,
  job: WelcomeSubscriberJob,
): Promise<'sent' | 'not due' | 'refused' | Later> {
  const { db, keyring, leases, mailer } = needs
  const found = await findSubscriber(db, job.id)
  if (!found) return 'not due'
  const place = await mailer.enter(decryptSubscriber(keyring, found.address), job.hung)
  if ('wait' in place) return waitForDomain(place, job, 'slow')
  try {
    const claim = await claimWelcome(needs, job.id)
    if ('instead' in claim) return claim.instead
    const outcome = await sendOrPutOff(place, claim.mail, job.doubted)
    await untilWritten(() =>
      db.transaction().execute(async (trx) => {
        if (typeof outcome === 'string') await markWelcomed(trx, job.id)
        await endLeases(trx, [job.id])
      }),
    ).finally(() => leases.release([job.id]))
    return outcome
  } finally {
    place.leave()
  }
}

/** Composes the mail and marks it, if the subscriber is still there. */
async function claimWelcome(
  needs: WelcomeNeeds,
  id: string,
): Promise<{ mail: Mail } | { instead: 'not due' | Later }> {
  const { db, leases } = needs
  // Read before the transaction, which must not wait for a second connection.
  const petitions = await needs.petitions.all()
  let taken: Iterable<string> = []
  try {
    const claim = await holdLock(db, `welcome:${id}`, async (trx) => {
      const subscriber = await findSubscriber(trx, id)
      const petition = petitions.find((each) => each.id === subscriber?.petition_id)
      if (!subscriber || !petition || subscriber.welcomed) return { instead: 'not due' as const }
      if (!offersUpdates(petition)) {
        // Confirmed on a node that had not yet heard of the list's end.
        await unsubscribe(trx, id)
        return { instead: 'not due' as const }
      }
      const mail = composeWelcome(needs, petition, subscriber)
      taken = await leases.take(trx, [id])
      return [...taken].includes(id) ? { mail } : { instead: LEASED_ELSEWHERE }
    })
    return claim ?? { instead: HELD_ELSEWHERE }
  } catch (error) {
    leases.release(taken)
    throw error
  }
}

function composeWelcome(needs: WelcomeNeeds, petition: Petition, subscriber: Subscriber): Mail {
  const { config, keyring } = needs
  const { language, content } = currentText(petition, subscriber.language)
  const { id, tag } = subscriber
  const token = makeToken(keyring, 'unsubscribe', { id, address: tag })
  const unsubscribeUrl = `${config.publicUrl}/${language}/unsubscribe/${token}`
  return {
    to: decryptSubscriber(keyring, subscriber.address),
    ...renderMail('welcome', {
      language,
      title: content.title,
      petitionUrl: `${config.publicUrl}${petitionPath(petition.slug)(language)}`,
      unsubscribeUrl,
      aWeek: MOST_A_WEEK,
      site: new URL(config.publicUrl).host,
    }),
    lane: 'welcome',
    headers: {
      ...mailHeaders(config, petition, language),
      // RFC 8058: the mail program's own button, which posts without opening the page.
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }
}
