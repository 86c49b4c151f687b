import { createTasks, logMails } from '../../../src/jobs/create-tasks.ts'
import { cron } from '../../../src/jobs/cron.ts'
import { runCounting } from '../../../src/jobs/run-loops.ts'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import { languages } from '../../../src/platform/i18n/translate.ts'
import { startWorker } from '../../../src/platform/jobs/start-worker.ts'
import { type Harness, startHarness } from '../harness.ts'
import { linkIn } from '../mail-server.ts'
import { until } from '../until.ts'

/** The whole program at the address that its mails and links name, with mail and count flowing. */
export interface LiveSite {
  origin: string
  harness: Harness
  /** Waits for the first mail to an address with such a link in it. */
  linkMailedTo(address: string, purpose: 'confirm' | 'withdraw'): Promise<string>
  close(): Promise<void>
}

/** @param options.guard whether floods are looked for */
export async function startLiveSite({ guard = false } = {}): Promise<LiveSite> {
  const port = await freePort()
  const harness = await startHarness(
    { PUBLIC_URL: `http://127.0.0.1:${port}` },
    { port, guard, languages },
  )
  const { site, connection, mail } = harness
  const worker = await startWorker({
    pool: connection.pool,
    tasks: createTasks(site, logMails(site.logger)),
    cron,
    concurrency: 2,
    logger: site.logger,
  })
  const tally = runCounting(site)
  return {
    origin: harness.origin,
    harness,
    async linkMailedTo(address, purpose) {
      const mine = () =>
        mail.mails.find(
          ({ recipient, text }) => recipient === address && text?.includes(`/${purpose}/`),
        )
      const complaint = `no mail to ${address} with a ${purpose} link`
      return linkIn(await until(mine, { everyMs: 20, complaint }), purpose)
    },
    async close() {
      await tally.stop()
      await worker.stop()
      await harness.close()
    },
  }
}
