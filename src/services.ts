import type { FastifyBaseLogger } from 'fastify'
import type { Config } from './config.ts'
import { type CountShelf, createCountShelf } from './count/count-cache.ts'
import type { Database, Db } from './database.ts'
import { createFormTrap, type FormTrap } from './defence/form-trap.ts'
import { logFolder } from './log/log-folder.ts'
import { createPublicLogShelf, type PublicLogShelf } from './log/public-log-cache.ts'
import { hasImprint } from './pages/imprint.page.ts'
import { createPetitionShelf, type PetitionShelf } from './petition/petition-cache.ts'
import type { Clock } from './platform/clock.ts'
import type { PublicReads } from './platform/database/read-replica.ts'
import type { Keyring } from './platform/keyring.ts'
import { countWaiting } from './platform/mail/count-waiting.ts'
import type { Mailer, WhyLater } from './platform/mail/mailer.ts'
import { type Fresh, keepFresh } from './platform/single-flight.ts'
import { type AnswerShelf, createAnswerShelf } from './platform/web/answer-cache.ts'
import { readAssets } from './platform/web/assets.ts'
import { createPageMaker, type MakePage } from './platform/web/site-page.ts'
import { createWhyClosed, type WhyClosed } from './restoring/why-closed.ts'
import {
  createPublicSignersShelf,
  type PublicSignersShelf,
} from './signature/shown/list-public-signers.ts'
import { type Confirmations, createConfirmations } from './signature/take-confirmations.ts'
import { createIntake, type Intake } from './signature/take-submissions.ts'

/** Both `/metrics` and `/readyz` ask. */
const WAITING_MAILS_KEPT_MS = 5000

/** What rooms are handed at start; nothing is global. */
export interface Services {
  config: Config
  db: Db
  /** For what holds something for longer than a transaction: past the pooler, if there is one. */
  directDb: Db
  publicReads: PublicReads<Database>
  clock: Clock
  keyring: Keyring
  mailer: Mailer
  /** How many mails wait that were put off, by why. */
  waitingMails: Fresh<Map<WhyLater, number>>
  log: FastifyBaseLogger
  petitions: PetitionShelf
  counts: CountShelf
  publicSigners: PublicSignersShelf
  publicLog: PublicLogShelf
  whyClosed: WhyClosed
  intake: Intake
  confirmations: Confirmations
  formTrap: FormTrap
  makePage: MakePage
  answers: AnswerShelf
  /** Where people can read the mail of the built-in catcher; null with a real mail server. */
  inboxUrl: string | null
}

/** What the rest is made of. */
export type ServiceParts = Pick<
  Services,
  'config' | 'db' | 'directDb' | 'publicReads' | 'clock' | 'keyring' | 'mailer' | 'log' | 'inboxUrl'
>

/** @param shelves `keep: false` reads anew at every request, for tests that must see what they did */
export function createServices(parts: ServiceParts, shelves = { keep: true }): Services {
  const { db, publicReads, config } = parts
  const maxAge = shelves.keep ? undefined : 0
  const petitions = createPetitionShelf(db, config, maxAge)
  return {
    ...parts,
    petitions,
    counts: createCountShelf(publicReads, petitions, config.logMinBatch, parts.clock, maxAge),
    publicSigners: createPublicSignersShelf(publicReads, parts.keyring, maxAge),
    publicLog: createPublicLogShelf(db, maxAge),
    waitingMails: keepFresh({
      maxAge: maxAge ?? WAITING_MAILS_KEPT_MS,
      load: () => countWaiting(db),
      mayBeStale: () => true,
    }),
    whyClosed: createWhyClosed(db, logFolder(config), maxAge),
    intake: createIntake(db),
    confirmations: createConfirmations(db, { ...parts, petitions }),
    formTrap: createFormTrap({ on: config.limits }),
    answers: createAnswerShelf(maxAge),
    makePage: createPageMaker({
      publicUrl: config.publicUrl,
      assets: readAssets().paths,
      hasImprint: hasImprint(config),
    }),
  }
}
