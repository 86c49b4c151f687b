import { systemClock } from '../../src/platform/clock.ts'
import type { Mailer } from '../../src/platform/mail/mail.ts'
import { createMailer } from '../../src/platform/mail/mailer.ts'
import { type Catcher, startCatcher } from '../../src/platform/mail/start-catcher.ts'

/** A catcher with its inbox page, and a mailer that sends to it; both are closed when the work is done. */
export async function withInbox(work: (catcher: Catcher, mailer: Mailer) => Promise<void>) {
  const catcher = await startCatcher({ inboxPort: 0 })
  const mailer = createMailer({
    url: catcher.smtpUrl,
    from: { name: 'Undersigned', address: 'site@example.org' },
    helo: null,
    clock: systemClock,
    logger: { warn() {}, info() {} },
  })
  try {
    await work(catcher, mailer)
  } finally {
    mailer.close()
    await catcher.close()
  }
}
