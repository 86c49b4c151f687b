import type { Db } from '../../database.ts'
import { type Clock, HOUR, SECOND } from '../../platform/clock.ts'
import { measureJobs } from '../../platform/jobs/measure-jobs.ts'
import { OF_SERVER, type WhyLater } from '../../platform/mail/mail.ts'
import type { LastBackup } from '../../restoring/last-backup.ts'
import { LATE_SEALING_MS, type SealingBacklog } from '../../signature/measure-sealing.ts'
import { type Finding, fault, inBytes, inWords, ok, unchecked } from './finding.ts'

/** Jobs are taken within a second while a worker is idle. */
const LATE_JOB_SECONDS = 120
const OLD_MAIL_SECONDS = 900
/** One a day, and some hours for a large one. */
const OLD_BACKUP_MS = 30 * HOUR

export async function checkJobs(db: Db): Promise<Finding> {
  const about = 'jobs'
  const { due, oldest } = await measureJobs(db, null)
  if (oldest < LATE_JOB_SECONDS) return ok(about, due === 0 ? 'none waits' : `${due} are due`)
  return fault(
    about,
    `${due} are due and not taken, the oldest for ${inWords(oldest * SECOND)}`,
    'see that a worker runs; if one does, mails come faster than the mail server takes them',
  )
}

/**
 * Mails that were put off, and that no worker has come to.
 *
 * @param oldest seconds for which the oldest has waited
 */
export function checkWaitingMails(waiting: Map<WhyLater, number>, oldest: number): Finding {
  const about = 'waiting mails'
  const some = [...waiting].filter(([, mails]) => mails > 0)
  if (some.length === 0) {
    if (oldest < OLD_MAIL_SECONDS) return ok(about, 'none was put off')
    const found = `none was put off, and one has waited for ${inWords(oldest * SECOND)}`
    return fault(about, found, 'see that a worker runs, and that the mail server keeps up')
  }
  const found = `put off: ${some.map(([why, mails]) => `${mails} (${why})`).join(', ')}`
  const isOurs = some.some(([why]) => why === 'fault' || OF_SERVER.includes(why))
  if (!isOurs) return ok(about, `${found}; they are tried again`)
  return fault(about, found, 'see the table of "Set up mail" in docs/operating.md')
}

/** Confirmed signatures are readable on the server until they are sealed. */
export function checkSealing({ oldest }: SealingBacklog, clock: Clock): Finding {
  const about = 'sealing'
  const age = oldest ? clock.now().getTime() - oldest.getTime() : 0
  if (age < LATE_SEALING_MS) return ok(about, 'no confirmed signature waits for long')
  return fault(
    about,
    `a confirmed signature has been readable on the server for ${inWords(age)}`,
    'see that a worker runs, and look for "sealing was put off" in its log',
  )
}

export function checkBackup(
  last: LastBackup | null,
  clock: Clock,
  { production }: { production: boolean },
): Finding {
  const about = 'backup'
  const remedy =
    'run "undersigned backup" every day, from a timer; one that is made otherwise does not show here'
  if (!last) {
    if (!production) return unchecked(about, 'a trial needs none')
    return fault(about, 'this DATA_DIR knows of none', remedy)
  }
  const age = clock.now().getTime() - last.at.getTime()
  const found = `the last is ${inWords(age)} old (${inBytes(last.bytes)})`
  return age > OLD_BACKUP_MS ? fault(about, found, remedy) : ok(about, found)
}
