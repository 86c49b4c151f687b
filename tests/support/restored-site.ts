import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { noProgress } from '../../src/platform/terminal/show-progress.ts'
import { makeBackup } from '../../src/restoring/make-backup.ts'
import { checkBackup } from '../../src/restoring/read-backup.ts'
import { restoreBackup } from '../../src/restoring/restore-backup.ts'
import { formatIdentity, formatRecipient } from '../../src/sealing/age/recipient.ts'
import { generatePrivateKey } from '../../src/sealing/age/x25519.ts'
import { type OpenSite, openSite } from '../../src/site.ts'
import type { Harness } from './harness.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { runSql, withDatabase } from './test-database.ts'
import { TESTER } from './tester.ts'

const HOST = 'petitions.test'

/** An operator's key for backups. */
export function makeBackupKey(): { identity: string; recipient: string } {
  const { raw, publicKey } = generatePrivateKey()
  return { identity: formatIdentity(raw), recipient: formatRecipient(publicKey) }
}

/** Backs up the harness's site into a new file. */
export async function backUp(
  { site, databaseUrl, environment }: Harness,
  recipient: string,
): Promise<string> {
  const out = join(temporaryFolder(), 'backup.age')
  const config = { ...site.config, secretKey: environment.SECRET_KEY! }
  await makeBackup(
    { config, url: databaseUrl, clock: systemClock },
    {
      out,
      recipients: [recipient],
      withSecrets: true,
      signal: new AbortController().signal,
      progress: () => noProgress,
    },
  )
  return out
}

export interface EmptyMachine {
  databaseUrl: string
  dataDir: string
  environment: Record<string, string>
  drop(): Promise<void>
}

/** An empty database, and a folder that knows nothing, or that is another machine's. */
export async function makeMachine(
  { environment }: Harness,
  dataDir = temporaryFolder(),
): Promise<EmptyMachine> {
  const server = process.env.TEST_SERVER_URL!
  const name = `undersigned_test_${randomBytes(6).toString('hex')}`
  await runSql(server, `create database ${name}`)
  const databaseUrl = withDatabase(server, name)
  const logKey = await readFile(join(environment.DATA_DIR!, 'secrets/log-key'), 'utf8')
  return {
    databaseUrl,
    dataDir,
    environment: {
      PUBLIC_URL: `http://${HOST}`,
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      SECRET_KEY: environment.SECRET_KEY!,
      LOG_KEY: logKey.trim(),
      DEMO: '0',
    },
    drop: async () => {
      await runSql(server, `drop database if exists ${name} with (force)`)
    },
  }
}

/** What the command "restore" does; the site is open for the test, and the test closes it. */
export async function restore(
  path: string,
  identity: string,
  { environment }: EmptyMachine,
  log: { from?: string; endsHere?: boolean } = {},
) {
  const identities = [identity]
  const onBytes = () => {}
  const { manifest } = await checkBackup(path, identities, onBytes)
  const open: OpenSite = await openSite(readConfig(environment), null, { share: true })
  try {
    await restoreBackup(
      { ...open, clock: systemClock, by: TESTER },
      { path, identities, onBytes },
      { replace: null, host: HOST },
    )
    const { from = null, endsHere = false } = log
    const rebuilt = await open.site.restoring.reopen({ from, endsHere }, TESTER)
    return { open, manifest, rebuilt }
  } catch (error) {
    await open.close()
    throw error
  }
}
