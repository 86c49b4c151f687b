import { createTasks, cron, tellGivenUp } from '../../../src/jobs/create-tasks.ts'
import { runCounting } from '../../../src/jobs/run-loops.ts'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import { startWorker } from '../../../src/platform/jobs/start-worker.ts'
import { type Harness, startHarness } from '../harness.ts'
import { linkIn } from '../mail-server.ts'

/** A link to withdraw is mailed after up to 20 seconds. */
const MAIL_TIMEOUT_MS = 40_000
const LOOK_EVERY_MS = 20

/** The whole program at the address that its mails and links name, with mail and count flowing. */
export interface LiveSite {
  origin: string
  harness: Harness
  /** Waits for the first mail to an address with such a link in it. */
  linkMailedTo(address: string, purpose: 'confirm' | 'withdraw'): Promise<string>
  close(): Promise<void>
}

export async function startLiveSite(): Promise<LiveSite> {
  const port = await freePort()
  const harness = await startHarness({ PUBLIC_URL: `http://127.0.0.1:${port}` }, { port })
  const { site, connection, mail } = harness
  const worker = await startWorker({
    pool: connection.pool,
    tasks: createTasks(site, tellGivenUp(site.logger).note),
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
      return linkIn(await waitFor(mine, `no mail to ${address} with a ${purpose} link`), purpose)
    },
    async close() {
      await tally.stop()
      await worker.stop()
      await harness.close()
    },
  }
}

async function waitFor<Found>(look: () => Found | undefined, complaint: string): Promise<Found> {
  const deadline = Date.now() + MAIL_TIMEOUT_MS
  for (;;) {
    const found = look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(complaint)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
