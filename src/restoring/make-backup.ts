import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '../platform/clock.ts'
import { openCopyClient } from '../platform/database/copy-stream.ts'
import { beginSnapshot } from '../platform/database/dump-tables.ts'
import { listTables } from '../platform/database/list-dumped.ts'
import { writeFileWhole } from '../platform/files/write-out.ts'
import { syncFolder } from '../platform/files/write-whole.ts'
import type { Progress } from '../platform/terminal/show-progress.ts'
import { BackupError } from './backup-format.ts'
import { checkOfKey, findSecrets, type SecretSettings } from './backup-secrets.ts'
import { keepLastBackup } from './last-backup.ts'
import { writeBackup } from './write-backup.ts'

interface MakeNeeds {
  config: SecretSettings
  /** Bypasses PgBouncer: one session sees one moment. */
  url: string
  clock: Clock
}

interface MadeBackup {
  bytes: number
  rows: number
  withLogKey: boolean
}

/**
 * Writes a backup of the site as it is at one moment, whole or not at all.
 *
 * @param out a file that must not be there; `-` is the standard output
 * @param progress is told how many rows there will be, roughly
 * @throws BackupError, ExportError
 */
export async function makeBackup(
  { config, url, clock }: MakeNeeds,
  {
    out,
    recipients,
    withSecrets,
    signal,
    progress,
  }: {
    out: string
    recipients: readonly string[]
    withSecrets: boolean
    signal: AbortSignal
    progress: (rows: number) => Progress
  },
): Promise<MadeBackup> {
  const secrets = await findSecrets(config)
  const secretKey = secrets['secret-key']
  if (secretKey === undefined) {
    throw new BackupError(
      "SECRET_KEY is not set, and not in DATA_DIR: give the site's, without which a backup is of no use",
    )
  }
  const client = await openCopyClient(url)
  try {
    const tables = await listTables(client)
    if (tables.length === 0) {
      throw new BackupError('the database has no tables of Undersigned: check DATABASE_URL')
    }
    await beginSnapshot(client, tables)
    const at = clock.now()
    const shown = progress(tables.reduce((sum, table) => sum + table.rows, 0))
    const total = { bytes: 0, rows: 0 }
    const backup = writeBackup(client, tables, {
      made: at,
      secrets: withSecrets ? secrets : {},
      keyCheck: checkOfKey(secretKey),
      recipients,
      onRow() {
        total.rows++
        shown.add(1)
      },
    })
    const content = counted(backup, signal, (bytes) => {
      total.bytes += bytes
    })
    if (out === '-') await pipeline(Readable.from(content), process.stdout, { end: false })
    else {
      await writeFileWhole(out, content, { mode: 0o600, overwrite: false })
      await syncFolder(dirname(out))
    }
    shown.end()
    await keepLastBackup(config, { at, bytes: total.bytes })
    return { ...total, withLogKey: secrets['log-key'] !== undefined }
  } finally {
    await client.end()
  }
}

async function* counted(
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
) {
  for await (const bytes of content) {
    if (signal.aborted) throw new BackupError('stopped by a signal: no backup was written')
    onBytes(bytes.length)
    yield bytes
  }
}
