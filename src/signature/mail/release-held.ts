import { type Agree, type Proposal, requireAgreement } from '../../actions/agreement.ts'
import { type Acting, noteAction } from '../../actions/note-action.ts'
import type { Db } from '../../database.ts'
import { HELD, type Held } from '../../defence/verdict.ts'
import type { Petition } from '../../petition/petition.ts'
import { registrableDomain } from '../../platform/address/registrable-domain.ts'
import { ago, CLOCKS_DIFFER_MS, type Clock, MINUTE } from '../../platform/clock.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { decryptDetails } from '../../sealing/signer-details.ts'
import {
  countHeld,
  countHeldUntil,
  eraseHeld,
  readHeld,
  reasonsBetween,
  release,
  releaseByReason,
} from '../store/held.ts'
import { MAIL_SUBMISSIONS } from './mail-submissions.ts'

/** Mails a minute, to all and to one recipient's domain: strangers whose addresses a robot typed in get few. */
const SLOW = { inAll: 120, toOne: 40 }
/** While the flood goes on, for each reason: who has done nothing but come beside it is mailed in the end. */
const IN_FLOOD = { inAll: 10, toOne: 5 }
const SLOW_WAITS_MS = MINUTE
/** Held forms that are looked at in a minute: half each network's first, a quarter the oldest, a quarter the newest. */
const LOOKED_AT = 600
/** Forms that a transaction erases: it locks their rows. */
const ERASED_TOGETHER = 2000
/** Mails of a job. */
const TOGETHER = 200
/** A flood is over once nothing was held for so long, for the same reason. */
const OVER_AFTER_MS = 30 * MINUTE
const OTHERS = HELD.filter((held) => held !== 'slow')

interface Needs {
  db: Db
  clock: Clock
  keyring: Keyring
}

/**
 * Once a minute: lets mails of held forms go, behind everybody else's.
 *
 * @returns how many
 */
export async function releaseHeld(needs: Needs): Promise<number> {
  const { db, clock } = needs
  const since = ago(clock, OVER_AFTER_MS)
  const going = await reasonsBetween(db, OTHERS, { since, until: ahead(clock) })
  const over = OTHERS.filter((held) => !going.includes(held))
  let released = await letGo(needs, ['slow'], SLOW)
  if (over.length > 0) released += await letGo(needs, over, SLOW)
  for (const held of going) {
    released += await letGo(needs, [held], IN_FLOOD)
  }
  return released
}

/** A later time is from before the clock was set back. */
const ahead = (clock: Clock) => ago(clock, -CLOCKS_DIFFER_MS)

async function letGo(
  { db, clock, keyring }: Needs,
  held: readonly Held[],
  { inAll, toOne }: { inAll: number; toOne: number },
): Promise<number> {
  const choice = { held, before: ago(clock, SLOW_WAITS_MS), until: ahead(clock), limit: LOOKED_AT }
  return db.transaction().execute(async (trx) => {
    const byDomain = new Map<string | null, number>()
    const addresses = new Set<string>()
    const ids: string[] = []
    for (const { id, petition_id, address, details } of await readHeld(trx, choice)) {
      // Of one address one a minute, before its domain is counted: else a robot's with somebody's address fill both.
      const name = `${petition_id} ${address.toString('hex')}`
      if (addresses.has(name)) continue
      addresses.add(name)
      const domain = domainOf(keyring, details)
      const count = (byDomain.get(domain) ?? 0) + 1
      byDomain.set(domain, count)
      if (count <= toOne && ids.length < inAll) ids.push(id)
    }
    const released = ids.length > 0 ? await release(trx, ids) : []
    if (released.length > 0) await mailBehind(trx, released)
    return released.length
  })
}

/** Of details that can't be read no domain is known; the job that is to mail them says so, and holds up nobody. */
function domainOf(keyring: Keyring, details: Buffer): string | null {
  try {
    const { normalisedEmail } = decryptDetails(keyring, details)
    return registrableDomain(normalisedEmail.slice(normalisedEmail.lastIndexOf('@') + 1))
  } catch {
    return null
  }
}

/** On somebody's word, whatever the flood does. @returns how many */
export async function releaseForReason(
  trx: Db,
  acting: Acting,
  petition: Petition,
  choice: { held: readonly Held[]; limit: number },
): Promise<number> {
  const ids = await releaseByReason(trx, { ...choice, petitionId: petition.id })
  for (let at = 0; at < ids.length; at += TOGETHER) {
    await mailBehind(trx, ids.slice(at, at + TOGETHER))
  }
  const after = { reasons: [...choice.held], forms: ids.length }
  if (ids.length > 0) await noteAction(trx, acting, { what: 'held release', petition, after })
  return ids.length
}

export interface Erasing extends Proposal {
  figures: { forms: number }
}

/**
 * Those that came until then, for good and without a mail, in batches: of those that came later it touches none.
 * @returns how many
 * @throws NotAgreedError
 */
export async function eraseWhenAgreed(
  db: Db,
  acting: Acting,
  petition: Petition,
  { held, until }: { held: readonly Held[]; until: Date },
  agree: Agree<Erasing>,
  onErased: (forms: number) => void = () => {},
): Promise<number> {
  const choice = { held, until, petitionId: petition.id }
  const forms = await countHeldUntil(db, choice)
  if (forms === 0) return 0
  await requireAgreement(agree, { losses: ['there is no way back'], figures: { forms } })
  let erased = 0
  for (;;) {
    const batch = await db.transaction().execute(async (trx) => {
      const forms = await eraseHeld(trx, { ...choice, limit: ERASED_TOGETHER })
      const before = { reasons: [...held], forms, until: until.toISOString() }
      if (forms > 0) await noteAction(trx, acting, { what: 'held erase', petition, before })
      return forms
    })
    if (batch === 0) return erased
    erased += batch
    onErased(batch)
  }
}

/** Of all petitions, for whatever reason. */
export const countAllHeld = async (db: Db): Promise<number> =>
  (await countHeld(db, null)).reduce((sum, { forms }) => sum + forms, 0)

const mailBehind = (trx: Db, submissions: string[]) =>
  addJob(trx, MAIL_SUBMISSIONS, { submissions }, { behind: true })
