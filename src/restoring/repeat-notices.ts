import type { Db } from '../database.ts'
import { setTold } from '../imported/tell-imported.ts'
import type { LogEntry } from '../log/core/entry/entry.ts'
import { LogRefusal } from '../log/sequencing/log-writer.ts'
import { insertLostPaper, listPaper } from '../paper/paper.queries.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { insertTurnedAway, sumTurnedAway } from '../scrutiny/quarantine.queries.ts'

/** An entry that changes no count: of a text, of keys, of paper, of signatures that were turned away. */
export interface Notice {
  index: number
  bytes: Uint8Array
  entry: LogEntry
}

/**
 * What the log tells beside signatures, and the restored database doesn't know.
 *
 * Of signatures on paper the log has the number and a hash: the sealed scan, the place and the day are lost, unless
 * somebody has kept a delivery's pack. Of those that were turned away it has the number and the reason, and not
 * whose they were: those that were confirmed before the backup are back, in quarantine where they were in one.
 *
 * @returns how many each had been forgotten
 */
export async function repeatNotices(
  trx: Db,
  { clock }: { clock: Clock },
  petitions: Petition[],
  notices: Notice[],
): Promise<{ paperAgain: number; turnedAwayAgain: number }> {
  const again = { paperAgain: 0, turnedAwayAgain: 0 }
  for (const petition of petitions) {
    const own = notices.map(({ entry }) => entry).filter(({ slug }) => slug === petition.slug)
    again.paperAgain += await repeatPaper(trx, clock, petition, own)
    await repeatImported(trx, clock, petition, own)
    again.turnedAwayAgain += await repeatTurnedAway(trx, clock, petition, own)
  }
  return again
}

/** Of these kinds the database keeps something, too. */
const TELLING: ReadonlySet<LogEntry['kind']> = new Set(['paper', 'imported', 'turned-away'])

/** @throws LogRefusal for entries of a petition that the database lacks */
export function requireKnownPetitions(petitions: Petition[], notices: Notice[]): void {
  const known = new Set(petitions.map(({ slug }) => slug))
  const lacking = notices.find(({ entry: { kind, slug } }) => TELLING.has(kind) && !known.has(slug))
  if (!lacking) return
  throw new LogRefusal(
    `the log has entries of ${lacking.entry.slug}, which this database doesn't know: publish from its folder what is missing, then rebuild; nothing was changed`,
  )
}

async function repeatPaper(
  trx: Db,
  clock: Clock,
  { id }: Petition,
  entries: LogEntry[],
): Promise<number> {
  const known = new Set((await listPaper(trx, id)).map(({ hash }) => hash.toString('base64')))
  let signatures = 0
  for (const entry of entries) {
    if (entry.kind !== 'paper' || known.has(entry.hash)) continue
    const { number, hash } = entry
    const row = { signatures: number, hash: Buffer.from(hash, 'base64'), addedAt: clock.now() }
    await insertLostPaper(trx, id, row)
    signatures += number
  }
  return signatures
}

/**
 * Imported signatures that the database lacks are gone, and those that left meanwhile are back: only the organisers'
 * files say more. The number that the log told last is taken over, and the next look brings it in line.
 */
async function repeatImported(
  trx: Db,
  clock: Clock,
  { id }: Petition,
  entries: LogEntry[],
): Promise<void> {
  const last = entries.findLast(({ kind }) => kind === 'imported')
  if (last?.kind === 'imported') await setTold(trx, id, { told: last.number, now: clock.now() })
}

/** What is queued is in the quarantines' own numbers already, and reaches the log later: it is no loss. */
async function repeatTurnedAway(
  trx: Db,
  clock: Clock,
  petition: Petition,
  entries: LogEntry[],
): Promise<number> {
  const noted = await sumTurnedAway(trx, petition.id)
  const logged = new Map<string, number>()
  for (const entry of entries) {
    if (entry.kind !== 'turned-away') continue
    logged.set(entry.reason, (logged.get(entry.reason) ?? 0) + entry.number)
  }
  let signatures = 0
  for (const [reason, number] of logged) {
    const known = (noted.get(reason)?.turnedAway ?? 0) - (noted.get(reason)?.queued ?? 0)
    if (number <= known) continue
    const row = { petitionId: petition.id, reason, turnedAway: number - known, now: clock.now() }
    await insertTurnedAway(trx, row)
    signatures += row.turnedAway
  }
  return signatures
}
