import type pg from 'pg'
import { dumpTables } from '../platform/database/dump-tables.ts'
import type { DumpedTable } from '../platform/database/list-dumped.ts'
import { TAR_END, tarFile } from '../platform/files/tar.ts'
import { sealFile } from '../sealing/age/seal-file.ts'
import {
  DUMP,
  formatManifest,
  MANIFEST,
  type Manifest,
  SECRETS,
  type Secrets,
  secretPath,
} from './backup-format.ts'

/** Held in memory, since a tar says a file's length first. */
const PIECE_BYTES = 8 * 1024 * 1024

interface BackupNeeds {
  made: Date
  secrets: Secrets
  keyCheck: string
  onRow: () => void
}

/**
 * A backup as it is encrypted: neither the disk nor the memory ever holds it in the clear.
 *
 * @param client in a snapshot of the database, and used by nobody else
 * @param recipients `age1…`
 */
export function writeBackup(
  client: pg.Client,
  tables: DumpedTable[],
  needs: BackupNeeds & { recipients: readonly string[] },
): AsyncGenerator<Uint8Array, void> {
  return sealFile(needs.recipients, writeTar(client, tables, needs))
}

async function* writeTar(
  client: pg.Client,
  tables: DumpedTable[],
  { made, secrets, keyCheck, onRow }: BackupNeeds,
) {
  const file = (path: string, content: string | Uint8Array) =>
    tarFile(path, Buffer.from(content), { mtime: made })
  yield file(MANIFEST, formatManifest({ ...(await describeDatabase(client, made)), keyCheck }))
  for (const name of SECRETS) {
    const secret = secrets[name]
    if (secret !== undefined) yield file(secretPath(name), secret)
  }
  let number = 0
  for await (const piece of inPieces(dumpTables(client, tables, { made, onRow }))) {
    yield file(`${DUMP}.${String(++number).padStart(6, '0')}`, piece)
  }
  yield TAR_END
}

async function* inPieces(content: AsyncIterable<Buffer>) {
  let parts: Buffer[] = []
  let bytes = 0
  for await (const part of content) {
    parts.push(part)
    bytes += part.length
    if (bytes < PIECE_BYTES) continue
    yield Buffer.concat(parts)
    parts = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(parts)
}

async function describeDatabase(
  client: pg.Client,
  made: Date,
): Promise<Omit<Manifest, 'format' | 'keyCheck'>> {
  const { rows } = await client.query<Omit<Manifest, 'format' | 'made' | 'keyCheck'>>(
    `select current_setting('server_version') as postgresql,
            (select max(name) from kysely_migration) as migration,
            (select max(id) from graphile_worker.migrations) as jobs,
            (select json_build_object('origin', origin, 'vkey', vkey, 'signed', coalesce(signed, 0))
               from log_state) as log`,
  )
  return { made: made.toISOString(), ...rows[0]! }
}
