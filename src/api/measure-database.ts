import { LONGEST_WAIT } from '../count/public-figures.ts'
import { HELD } from '../defence/verdict.ts'
import { parseNote } from '../log/core/note/note.ts'
import type { LogProgress } from '../log/read-progress.ts'
import type { Fresh } from '../platform/cache.ts'
import { type Clock, HOUR, MINUTE, SECOND } from '../platform/clock.ts'
import { inTime } from '../platform/in-time.ts'
import { byLabel, type Measure, one } from '../platform/measure.ts'
import { readLastBackup } from '../restoring/last-backup.ts'
import { LATE_SEALING_MS, type SealingBacklog } from '../signature/measure-sealing.ts'
import type { Signatures } from '../signature/signatures.ts'

/** Prometheus gives up after ten seconds: a database that hangs must not hide the other figures. */
const ASKED_FOR_MS = 4 * SECOND
/** Coarser than one confirmation: docs/decisions/0041-figures-for-operators.md. */
const STEP = 100
const MOMENT_MS = 5 * MINUTE
const LATE_ENTRY_MS = LONGEST_WAIT + HOUR

export interface DatabaseNeeds {
  clock: Clock
  config: { dataDir: string }
  backlog: Fresh<{
    log: LogProgress | null
    sealing: SealingBacklog
    held: Awaited<ReturnType<Signatures['countHeld']>>
    alerts: number
  }>
  restoring: { whyClosed(): Promise<string | null> }
}

/** Figures that every process reads from the database, and so tell of workers, too. */
export function measureDatabase({ clock, config, backlog, restoring }: DatabaseNeeds): Measure[] {
  const read = () => inTime(backlog.get(), ASKED_FOR_MS, 'the database does not answer')
  /** @param of null before the log begins */
  const ofLog = async (of: (log: LogProgress) => number | null) => {
    const { log } = await read()
    return log && of(log)
  }
  /** 0 unless it is late; by five minutes, so that the moment of a confirmation stays unknown. */
  const lateFor = (oldest: Date | null, tolerance: number) => {
    if (!oldest) return 0
    const age = clock.now().getTime() - Math.floor(oldest.getTime() / MOMENT_MS) * MOMENT_MS
    return age < tolerance ? 0 : Math.round(age / SECOND)
  }
  return [
    {
      ...gauge('database_up', 'Whether the process reaches the database', () =>
        read().then(
          () => 1,
          () => 0,
        ),
      ),
      aggregator: 'min',
    },
    gauge('restored', 'Whether the site is closed because its database was restored', async () =>
      (await restoring.whyClosed()) === null ? 0 : 1,
    ),
    {
      name: 'undersigned_held_forms',
      help: 'Forms whose mail waits since more came than people send, by reason: see "undersigned held --help"',
      kind: 'gauge',
      labels: ['reason'],
      aggregator: 'max',
      read: async () => {
        const { held } = await read()
        const found = new Map(held.map(({ held: reason, forms }) => [reason, forms]))
        return byLabel(HELD.map((reason) => [reason, found.get(reason) ?? 0]))
      },
    },
    gauge(
      'open_alerts',
      'What forms have in common more than before: see "undersigned alert --help"',
      async () => (await read()).alerts,
    ),
    gauge('signatures', 'Signatures that the published log counts, of all petitions', () =>
      ofLog(({ signatures: counted }) => counted),
    ),
    gauge('log_entries', 'Entries of the published log', () => ofLog(({ published }) => published)),
    gauge('log_unpublished', 'Entries that have an index and are not published yet', () =>
      ofLog(({ sequenced, published }) => sequenced - published),
    ),
    gauge('log_waiting', 'Entries that wait for a batch of the log, in steps of 100', () =>
      ofLog(({ queued }) => inSteps(queued)),
    ),
    gauge(
      'log_late_seconds',
      'Age of an entry that should have been logged hours ago; else 0',
      () => ofLog(({ oldestQueued }) => lateFor(oldestQueued, LATE_ENTRY_MS)),
    ),
    gauge('log_looked_timestamp_seconds', 'When a worker last looked for a batch', () =>
      ofLog(({ takenAt }) => toSeconds(takenAt)),
    ),
    gauge('log_published_timestamp_seconds', 'When a checkpoint was last published', () =>
      ofLog(({ publishedAt }) => toSeconds(publishedAt)),
    ),
    gauge('log_cosignatures', "Witnesses' signatures of the published checkpoint", () =>
      ofLog(({ publishedNote }) =>
        publishedNote ? parseNote(publishedNote).signatures.length - 1 : null,
      ),
    ),
    gauge('sealing_waiting', 'Signatures that wait to be sealed, in steps of 100', async () =>
      inSteps((await read()).sealing.waiting),
    ),
    gauge(
      'sealing_late_seconds',
      'Age of a signature that should have been sealed minutes ago; else 0',
      async () => lateFor((await read()).sealing.oldest, LATE_SEALING_MS),
    ),
    gauge('backup_timestamp_seconds', 'When a backup was last made from this DATA_DIR', async () =>
      toSeconds((await readLastBackup(config))?.at ?? null),
    ),
  ]
}

const gauge = (name: string, help: string, value: () => Promise<number | null>): Measure => ({
  name: `undersigned_${name}`,
  help,
  kind: 'gauge',
  aggregator: 'max',
  read: async () => one(await value()),
})

const inSteps = (value: number) => Math.floor(value / STEP) * STEP
const toSeconds = (date: Date | null) => date && Math.floor(date.getTime() / SECOND)
