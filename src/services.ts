import type { FastifyBaseLogger } from 'fastify'
import type { Config } from './config.ts'
import type { Db } from './database.ts'
import type { PetitionShelf } from './petition/petition-shelf.ts'
import type { PublicSignersShelf } from './confirmation/list-public-signers.ts'
import type { Clock } from './platform/clock.ts'
import type { Keyring } from './platform/keyring.ts'
import type { Mailer } from './platform/mail/mailer.ts'
import type { MakePage } from './platform/web/site-page.ts'
import type { CountShelf } from './tally/count-shelf.ts'

/** What rooms are handed at start; nothing is global. */
export interface Services {
  config: Config
  db: Db
  clock: Clock
  keyring: Keyring
  mailer: Mailer
  log: FastifyBaseLogger
  petitions: PetitionShelf
  counts: CountShelf
  publicSigners: PublicSignersShelf
  makePage: MakePage
  /** Where people can read the mail of the built-in catcher; null with a real mail server. */
  inboxUrl: string | null
}
