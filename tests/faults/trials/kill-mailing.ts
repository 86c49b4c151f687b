import { randomInt } from 'node:crypto'
import { whenAgreed } from '../../../src/actions/agreement.ts'
import type { Database } from '../../../src/database.ts'
import { loadPetitions } from '../../../src/petition/petitions.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { connect } from '../../../src/platform/database/connect.ts'
import { deriveKeyring } from '../../../src/platform/keyring.ts'
import { beginningBroadcast } from '../../../src/update/mail/begin-broadcast.ts'
import { publishingUpdate } from '../../../src/update/publish-update.ts'
import { listUpdates } from '../../../src/update/update-rows.ts'
import { untilHolds, wait } from '../../scale/wait.ts'
import { addSubscribers } from '../../support/subscribers.ts'
import { agreed, TESTER } from '../../support/tester.ts'
import type { Site } from '../site/open-site.ts'
import type { Stage, Trial } from '../trial.ts'

/** Between two kills, from the moment at which it says that it runs. */
const LIVES_MS = 2500
const PER_MINUTE = 1200
/** More than one life sends, so that each kill finds mails to send. */
const SUBSCRIBERS_A_KILL = 40
/** A mail whose worker died waits for a minute, and a slice for its turn. */
const SETTLED_WITHIN_MS = 300_000

export const trial: Trial = {
  name: 'kill-mailing',
  what: '`kill -9` of the program (`start`) at a random moment while it mails an update to subscribers',
  sizes: { short: 2, long: 1000 },
  crowd: { signers: 0, readers: 0 },
  judged: false,
  async run(stage, size) {
    const { site, tell, check, ran, isShort } = stage
    const subscribers = (isShort ? 10 : SUBSCRIBERS_A_KILL) * size
    const addresses = Array.from(
      { length: subscribers },
      (_, nth) => `sub${nth}@town${nth % 20}.example`,
    )
    const broadcast = await begin(site, addresses)
    for (let nth = 0; nth < size; nth++) {
      await wait(randomInt(LIVES_MS))
      await site.nodes[0]!.kill()
      await site.nodes[0]!.start()
      ran()
    }
    const done = await untilHolds(SETTLED_WITHIN_MS, async () => {
      if (isShort) await letAMinutePass(site)
      return (await read(site, broadcast)).state === 'done'
    })
    const { state, sent, repeated, total } = await read(site, broadcast)
    check('the mailing came to its end', done !== null, `${state}, ${sent} of ${total} sent`)
    judgeMails(stage, addresses, { kills: size, repeated })
    check(
      'each mail was settled once',
      sent === total && total === subscribers,
      `${sent} of ${total}`,
    )
    tell(`${subscribers} mails, ${repeated} of them perhaps sent twice`)
  },
}

function judgeMails(
  { site, tell, check }: Stage,
  addresses: string[],
  { kills, repeated }: { kills: number; repeated: number },
): void {
  const counts = addresses.map((address) => site.mail.mails.get(address) ?? 0)
  const lost = counts.filter((count) => count === 0).length
  const doubled = counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0)
  check('no subscriber was passed over', lost === 0, `${lost} got no mail`)
  check('a kill doubled one mail at most', doubled <= kills, `${doubled} by ${kills} kills`)
  check('each double was counted', doubled <= repeated, `${doubled}, and ${repeated} were counted`)
  tell(`${doubled} mails came twice after ${kills} kills; ${lost} were lost`)
}

async function begin(site: Site, addresses: string[]): Promise<number> {
  const { db, close } = connect<Database>({ url: site.database.url, max: 2, onError: () => {} })
  const acting = { clock: systemClock, by: TESTER }
  try {
    const [petition] = await loadPetitions(db, { production: false })
    const given = addresses.map((email) => ({ email, language: 'en' }))
    await addSubscribers(db, deriveKeyring(site.secretKey), petition!.id, given)
    const contents = new Map([['en', { title: 'News', body: 'Some news.' }]])
    const files = { name: 'news', contents }
    await whenAgreed(db, agreed, publishingUpdate(acting, petition!, files))
    const [update] = await listUpdates(db, petition!.id)
    const about = {
      petition: petition!,
      update: update!,
      perMinute: PER_MINUTE,
      beyondLimit: false,
    }
    const begun = await whenAgreed(db, agreed, beginningBroadcast(acting, about))
    if (typeof begun === 'string') throw new Error(`not begun: ${begun}`)
    return begun.begun
  } finally {
    await close()
  }
}

interface Row {
  state: string
  sent: number
  repeated: number
  total: number
}

const read = async (site: Site, id: number): Promise<Row> =>
  (await site.sql.query('select state, sent, repeated, total from broadcast where id = $1', [id]))
    .rows[0]

/** For the leases of processes that died: those of one that lives are renewed in time, and its mails are over by then. */
async function letAMinutePass({ sql, mail }: Site): Promise<void> {
  const before = mail.taken.length
  await wait(1500)
  if (mail.taken.length !== before) return
  await sql.query(`update mail_lease set renewed_at = renewed_at - interval '2 minutes'`)
  await sql.query('update broadcast_mail set due_at = null')
  await sql.query(`
    update graphile_worker._private_jobs as jobs set run_at = now()
      from graphile_worker._private_tasks as tasks
     where tasks.id = jobs.task_id and tasks.identifier = 'send-update'`)
}
