import { LONGEST_WAIT } from '../../count/public-figures.ts'
import { parseCosignature } from '../../log/core/note/cosignature.ts'
import { parseNote } from '../../log/core/note/note.ts'
import type { LogProgress } from '../../log/read-progress.ts'
import { LogRefusal } from '../../log/sequencing/log-writer.ts'
import type { Witness } from '../../log/witnesses/parse-witnesses.ts'
import { type Clock, MINUTE, SECOND } from '../../platform/clock.ts'
import { KeyringError } from '../../platform/keyring.ts'
import { howMany } from '../../platform/terminal/how-many.ts'
import type { Site } from '../../site.ts'
import { type Finding, fault, inWords, ok, unchecked } from './finding.ts'

/** A batch takes seconds; a busy one, a minute. */
const PATIENCE_MS = 2 * MINUTE
const LOOK = 'look for "the public log stands still" in the log of the workers'

/** Whether the log is written, and whether it may go on. */
export async function checkLog({
  publicLog,
  restoring,
  config,
  clock,
}: Pick<Site, 'publicLog' | 'restoring' | 'config' | 'clock'>): Promise<Finding[]> {
  const about = 'public log'
  const why = await restoring.whyClosed()
  if (why) {
    const found = 'the database was restored from a backup: the site takes no forms'
    return [
      fault(
        about,
        found,
        'run "undersigned log rebuild", on a new machine with --from ("log status" tells more)',
      ),
    ]
  }
  const progress = await publicLog.progress()
  if (!progress) return [unchecked(about, 'it has not begun: the first worker begins it')]
  const findings = [
    judgePace(progress, clock, config),
    ...config.logWitnesses.map((witness) => judgeWitness(witness, progress, clock)),
  ]
  if (config.logWitnesses.length === 0) {
    findings.push(unchecked('witnesses', 'LOG_WITNESSES names none here'))
  }
  return [...(await checkHistory()), ...findings]

  async function checkHistory(): Promise<Finding[]> {
    if (!config.logKey && config.production) {
      return [unchecked('log history', 'LOG_KEY is not set here: only a worker needs it')]
    }
    try {
      await (await publicLog.status()).checkExtends()
      return [ok('log history', 'extends everything that was signed before')]
    } catch (error) {
      if (!(error instanceof LogRefusal || error instanceof KeyringError)) throw error
      return [fault('log history', error.message, LOOK)]
    }
  }
}

function judgePace(
  progress: LogProgress,
  clock: Clock,
  { logInterval }: { logInterval: number },
): Finding {
  const about = 'public log'
  const age = (date: Date) => clock.now().getTime() - date.getTime()
  const interval = logInterval * SECOND
  const { takenAt, sequenced, published, oldestQueued } = progress
  if (!takenAt || age(takenAt) > 2 * interval + PATIENCE_MS) {
    const since = takenAt ? `for ${inWords(age(takenAt))}` : 'yet'
    return fault(about, `no worker has looked for a batch ${since}`, `start a worker, or ${LOOK}`)
  }
  if (sequenced > published && age(takenAt) > PATIENCE_MS) {
    const found = `${howMany(sequenced - published, 'entry has', 'entries have')} an index, and not been published`
    return fault(about, found, LOOK)
  }
  if (oldestQueued && age(oldestQueued) > LONGEST_WAIT + 2 * interval + PATIENCE_MS) {
    return fault(about, `an entry has waited for ${inWords(age(oldestQueued))}`, LOOK)
  }
  return ok(
    about,
    `${howMany(published, 'entry', 'entries')}, looked after ${inWords(age(takenAt))} ago`,
  )
}

/** Whether the published checkpoint has the witness's signature. */
function judgeWitness({ key }: Witness, { publishedNote }: LogProgress, clock: Clock): Finding {
  const about = `witness ${key.name}`
  if (!publishedNote) return unchecked(about, 'nothing is published yet')
  const own = parseNote(publishedNote).signatures.find(
    ({ name, keyId }) => name === key.name && keyId === key.keyId,
  )
  if (!own) {
    const remedy = 'see "a witness has not cosigned the checkpoint" in the log of the workers'
    return fault(about, 'has not cosigned the published checkpoint', remedy)
  }
  const time = parseCosignature(own.signature).time * SECOND
  return ok(about, `cosigned the published checkpoint ${inWords(clock.now().getTime() - time)} ago`)
}
