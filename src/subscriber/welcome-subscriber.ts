import type { Db } from '../database.ts'
import { petitionPath } from '../petition/paths.ts'
import { currentText, offersUpdates, type Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { holdLock } from '../platform/database/locks.ts'
import type { Keyring } from '../platform/keyring.ts'
import { makeToken } from '../platform/link-token.ts'
import {
  HELD_ELSEWHERE,
  type Later,
  type Mail,
  type Mailer,
  sendOrPutOff,
} from '../platform/mail/mail.ts'
import { mailHeaders, renderMail } from '../platform/mail/render-mail.ts'
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
}

export interface WelcomeNeeds {
  db: Db
  keyring: Keyring
  mailer: Mailer
  petitions: Petitions
  config: { publicUrl: string }
}

/**
 * Mails a subscriber which updates will come and how to leave the list. Safe to run twice: a retried job sees
 * welcomed set and sends nothing. A crash between the mail server's acceptance and the commit may double the mail.
 */
export async function welcomeSubscriber(
  needs: WelcomeNeeds,
  job: WelcomeSubscriberJob,
): Promise<'sent' | 'not due' | 'refused' | Later> {
  const { db, mailer } = needs
  // Read before the transaction, which must not wait for a second connection.
  const petitions = await needs.petitions.all()
  const outcome = await holdLock(db, `welcome:${job.id}`, async (trx) => {
    const subscriber = await findSubscriber(trx, job.id)
    const petition = petitions.find((each) => each.id === subscriber?.petition_id)
    if (!subscriber || !petition || subscriber.welcomed) return 'not due' as const
    if (!offersUpdates(petition)) {
      // Confirmed on a node that had not yet heard of the list's end.
      await unsubscribe(trx, subscriber.id)
      return 'not due' as const
    }
    const outcome = await sendOrPutOff(
      mailer,
      composeWelcome(needs, petition, subscriber),
      job.doubted,
    )
    if (typeof outcome === 'string') await markWelcomed(trx, subscriber.id)
    return outcome
  })
  return outcome ?? HELD_ELSEWHERE
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
