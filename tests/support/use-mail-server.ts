import { createMailer } from '../../src/platform/mail/mailer.ts'
import type { Harness } from './harness.ts'

/** Has the program of a harness send its mails to another server from now on. */
export function useMailServer({ site }: Harness, url: string): void {
  site.mailer.close()
  const { config, clock, logger } = site
  const options = { url, from: config.mailFrom, helo: null, clock, logger }
  // In place: pages and rooms hold the mailer, not the site.
  Object.assign(site.mailer, createMailer(options))
}
