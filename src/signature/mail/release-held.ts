import type { Db } from '../../database.ts'
import { HELD, type Held } from '../../defence/verdict.ts'
import { ago, type Clock, MINUTE } from '../../platform/clock.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { decryptDetails } from '../../sealing/signer-details.ts'
import { hasBeenHeldSince, lockHeld, release, releaseByReason } from '../store/held.ts'
import { MAIL_SUBMISSIONS } from './mail-submissions.ts'

/** Mails a minute, to all and to one recipient's domain: strangers whose addresses a robot typed in get few. */
const SLOW = { inAll: 120, toOne: 40 }
/** While the flood goes on, so that whoever shares a network with it is mailed in the end. */
const IN_FLOOD = { inAll: 10, toOne: 5 }
const SLOW_WAITS_MS = MINUTE
/** Mails of a job. */
const TOGETHER = 200
/** A flood is over once nothing was held for so long. */
const OVER_AFTER_MS = 30 * MINUTE
/** Those whose page did the work it was asked for, and that came too many together. */
const PROVED: Held[] = ['network', 'domain']
const OTHERS = HELD.filter((held) => held !== 'slow')

/**
 * Once a minute: lets mails of held forms go, the oldest first, behind everybody else's.
 *
 * @returns how many
 */
export async function releaseHeld(needs: {
  db: Db
  clock: Clock
  keyring: Keyring
}): Promise<number> {
  const { db, clock } = needs
  const slow = await letGo(needs, { held: ['slow'], before: ago(clock, SLOW_WAITS_MS), ...SLOW })
  const isFlood = await hasBeenHeldSince(db, OTHERS, ago(clock, OVER_AFTER_MS))
  const others = isFlood ? { held: PROVED, ...IN_FLOOD } : { held: OTHERS, ...SLOW }
  return slow + (await letGo(needs, { before: ago(clock, SLOW_WAITS_MS), ...others }))
}

interface Pace {
  held: readonly Held[]
  before: Date
  inAll: number
  toOne: number
}

async function letGo(
  { db, keyring }: { db: Db; keyring: Keyring },
  { held, before, inAll, toOne }: Pace,
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const rows = await lockHeld(trx, { held, before, limit: inAll * 5 })
    const byDomain = new Map<string, number>()
    const ids: string[] = []
    for (const { id, details } of rows) {
      const { normalisedEmail } = decryptDetails(keyring, details)
      const domain = normalisedEmail.slice(normalisedEmail.lastIndexOf('@') + 1)
      const count = (byDomain.get(domain) ?? 0) + 1
      byDomain.set(domain, count)
      if (count <= toOne && ids.length < inAll) ids.push(id)
    }
    if (ids.length === 0) return 0
    await release(trx, ids)
    await mailBehind(trx, ids)
    return ids.length
  })
}

/** On somebody's word, whatever the flood does. @returns how many */
export async function releaseForReason(
  db: Db,
  choice: { petitionId: number; held: readonly Held[]; limit: number },
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const ids = await releaseByReason(trx, choice)
    for (let at = 0; at < ids.length; at += TOGETHER) {
      await mailBehind(trx, ids.slice(at, at + TOGETHER))
    }
    return ids.length
  })
}

const mailBehind = (trx: Db, submissions: string[]) =>
  addJob(trx, MAIL_SUBMISSIONS, { submissions }, { behind: true })
