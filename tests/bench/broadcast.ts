import { mkdtemp } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setInterval } from 'node:timers'
import { readConfig } from '../../src/config.ts'
import { migrateUp } from '../../src/platform/database/migrate.ts'
import { openSite } from '../../src/site.ts'
import { STORY_LANGUAGES } from '../support/demo.ts'
import { startMailServer } from '../support/mail-server.ts'
import { addSubscribers } from '../support/subscribers.ts'
import { agreed, TESTER } from '../support/tester.ts'
import { removeData } from './remove-data.ts'

/**
 * How long it takes to queue an update's mails for a list, what memory that needs, and how fast they are sent:
 * npm run bench -- broadcast [subscribers]
 */
const SLICES = 3
const subscribers = Number(process.argv[2] ?? 100_000)
const dataDir = await mkdtemp(join(tmpdir(), 'undersigned-bench-'))
const mail = await startMailServer()
const config = readConfig({ DATA_DIR: dataDir })
const open = await openSite(config, { smtpUrl: mail.url, inboxUrl: null }, { share: false })
const { db, keyring, petitions, updates } = open.site
try {
  await migrateUp(open.connection.db, open.connection.pool)
  await open.site.publishing.publishDemo(TESTER)
  const [petition] = await petitions.all()
  const addresses = Array.from({ length: subscribers }, (_, nth) => ({
    email: `subscriber${nth}@town${nth % 500}.example`,
    language: STORY_LANGUAGES[nth % 4]!,
  }))
  await addSubscribers(db, keyring, petition!.id, addresses.splice(0))
  const contents = new Map([['en', { title: 'News', body: 'Some *news*.\n\n'.repeat(20) }]])
  await updates.publish(petition!, { name: 'news', contents }, TESTER, agreed)
  const [update] = await updates.of(petition!)
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores; Node ${process.version}`)

  globalThis.gc?.()
  const first = process.memoryUsage.rss()
  let peak = first
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  const begun = performance.now()
  const options = { update: update!, perMinute: 6000, beyondLimit: false }
  const outcome = await updates.begin(petition!, options, TESTER, agreed)
  const seconds = (performance.now() - begun) / 1000
  clearInterval(watch)
  if (typeof outcome === 'string') throw new Error(outcome)
  const mb = (size: number) => `${Math.round(size / 1e6)} MB`
  console.log(
    `${outcome.total} mails queued in ${seconds.toFixed(1)} s; memory ${mb(first)} before, ${mb(peak)} at most`,
  )

  const sending = performance.now()
  for (let nth = 0; nth < SLICES; nth++) await updates.sendSlice({ broadcast: outcome.begun })
  const rate = mail.mails.length / ((performance.now() - sending) / 1000)
  console.log(`${mail.mails.length} mails sent, one after the other: ${Math.round(rate)} a second`)
} finally {
  await open.close()
  await mail.goAway()
  await removeData(dataDir, open)
}
process.exit(0)
