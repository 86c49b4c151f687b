import type { Db } from '../../database.ts'
import type { Petition } from '../../petition/petition.ts'
import { ago, type Clock, HOUR } from '../../platform/clock.ts'
import type { Keyring } from '../../platform/keyring.ts'
import {
  countHiddenByReport,
  countShownNames,
  holdEntries,
  lockReports,
  noteReport,
} from '../store/decisions.ts'
import { type Moderated, readText } from '../store/shown.ts'
import { fits, readEntryMark } from './entry-mark.ts'
import type { Reason } from './why.ts'

/**
 * What reports may take off a petition's page before an organiser has looked. Somebody who reports everything would
 * else empty it: so few an hour, so many in all, and never more than a tenth of the names that are shown.
 */
const MOST = { anHour: 10, inAll: 50, share: 0.1, ofFew: 3 }
/** More than these add nothing to an entry's place in the queue. */
const MOST_REPORTS = 100

export interface Reported {
  text: string
}

interface Needs {
  clock: Clock
  keyring: Keyring
}

/** What a mark's address shows, as long as the page shows it. */
export async function findReported(
  db: Db,
  { keyring }: Pick<Needs, 'keyring'>,
  petition: Petition,
  { moderated, mark }: { moderated: Moderated; mark: string },
): Promise<Reported | null> {
  return db.transaction().execute(async (trx) => {
    const found = await holdReported(trx, keyring, petition, { moderated, mark })
    return found && { text: found.text }
  })
}

async function holdReported(
  trx: Db,
  keyring: Keyring,
  petition: Petition,
  { moderated, mark }: { moderated: Moderated; mark: string },
) {
  const id = readEntryMark(keyring.reports, mark)
  if (!id) return null
  const [row] = await holdEntries(trx, moderated, { ids: [id] })
  if (row?.petition_id !== petition.id || row.state !== 'approved') return null
  const text = readText(keyring, row)!
  return fits(keyring.reports, mark, { moderated, id, text }) ? { ...row, text } : null
}

/**
 * Notes that a reader reports an entry. One that no organiser has read is hidden at once, within bounds; one that was
 * read and approved stays, and comes into the queue. Nothing of the reader is kept.
 *
 * @param mayHide false where too many reports come from one place
 */
export async function reportEntry(
  trx: Db,
  { clock, keyring }: Needs,
  petition: Petition,
  reported: { moderated: Moderated; mark: string; reason: Reason; mayHide: boolean },
): Promise<'hidden' | 'noted' | 'gone'> {
  const { moderated, reason, mayHide } = reported
  await lockReports(trx, petition.id)
  const entry = await holdReported(trx, keyring, petition, reported)
  if (!entry) return 'gone'
  if (entry.reports >= MOST_REPORTS) return 'noted'
  const hide = mayHide && entry.decided_at === null && (await hasRoom(trx, clock, petition.id))
  await noteReport(trx, moderated, { id: entry.id, reason, hide, now: clock.now() })
  return hide ? 'hidden' : 'noted'
}

async function hasRoom(trx: Db, clock: Clock, petitionId: number): Promise<boolean> {
  const { lately, all } = await countHiddenByReport(trx, petitionId, ago(clock, HOUR))
  if (lately >= MOST.anHour || all >= MOST.inAll) return false
  const shown = await countShownNames(trx, petitionId, Math.ceil(MOST.inAll / MOST.share))
  return all < Math.max(MOST.ofFew, Math.floor((shown + all) * MOST.share))
}
