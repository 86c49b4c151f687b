import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type Facts, noteAction } from '../actions/note-action.ts'
import { readConfig } from '../config.ts'
import type { Database } from '../database.ts'
import { readIdentities } from '../offline/unseal/read-identities.ts'
import { collectValues } from '../offline/unseal/unseal-options.ts'
import { systemClock } from '../platform/clock.ts'
import { connect } from '../platform/database/connect.ts'
import { openDatabase, requireDatabase } from '../platform/database/open-database.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { noProgress, showProgress } from '../platform/terminal/show-progress.ts'
import { stopWhenAsked } from '../platform/terminal/until-asked-to-stop.ts'
import { whoRuns } from '../platform/terminal/who-runs.ts'
import { BackupError, SECRETS } from '../restoring/backup-format.ts'
import { writeSecrets } from '../restoring/backup-secrets.ts'
import { makeBackup } from '../restoring/make-backup.ts'
import { checkBackup } from '../restoring/read-backup.ts'
import { parseRecipient } from '../sealing/age/recipient.ts'

const HELP = `
A copy of the database as it is at one moment, while the site goes on, with SECRET_KEY and LOG_KEY, encrypted with age
to public keys. Make a pair with "age-keygen" on another computer, keep its file there and on paper, and give this
machine only the public key, which begins with age1: it then can't open its own backups. Whoever has the key file and a
backup has everything. A backup is a tar with pg_dump's custom format in it: "age --decrypt" and "tar" open it, too.

Examples:
  undersigned backup --recipient age1… --out undersigned.age
  undersigned backup --out /var/backups/undersigned/      (BACKUP_RECIPIENT has the keys; the name gets the time)
  undersigned backup --out - | ssh elsewhere 'cat > undersigned.age'
  undersigned backup check undersigned.age --identity key.txt`

interface MakeOptions {
  out?: string
  recipient?: string[]
  secrets: boolean
  quiet?: boolean
}

export function addBackupCommands(program: Command): void {
  const backup = program
    .command('backup')
    .description('write the whole site into one encrypted file, while it runs')
    .enablePositionalOptions()
    .option(
      '--out <file>',
      'new file, or a folder in which it is named after the time; - for the standard output',
    )
    .option(
      '--recipient <age1…>',
      'public key that opens it; may be given several times',
      collectValues,
    )
    .option(
      '--without-secrets',
      'leave SECRET_KEY and LOG_KEY out; nothing can be restored without them',
    )
    .option('--quiet', 'show no progress')
    .addHelpText('after', HELP)
    .action(
      (options: Omit<MakeOptions, 'secrets'> & { withoutSecrets?: boolean }, command: Command) =>
        runBackup(command, { ...options, secrets: !options.withoutSecrets }),
    )

  backup
    .command('check')
    .description('read a backup whole and tell what is in it; restores nothing')
    .argument('<file>')
    .requiredOption('--identity <file>', 'age key file; - for the standard input', collectValues)
    .option('--quiet', 'show no progress')
    .action(runCheck)

  backup
    .command('secrets')
    .description(
      "write a backup's SECRET_KEY and LOG_KEY into files, for a machine that gets them as such",
    )
    .argument('<file>')
    .requiredOption('--identity <file>', 'age key file; - for the standard input', collectValues)
    .requiredOption('--to <folder>', 'where to write secret-key and log-key')
    .action(runSecrets)
}

async function runBackup(command: Command, options: MakeOptions): Promise<void> {
  if (options.out === undefined) command.error('error: give --out <file>', { exitCode: 2 })
  const config = readConfig(process.env)
  const recipients = options.recipient ?? config.backupRecipients
  const wrong = recipients.find((recipient) => !parseRecipient(recipient))
  if (wrong !== undefined) {
    // A private key named by mistake must not get into a log.
    command.error('error: --recipient takes a public key of age, which begins with age1', {
      exitCode: 2,
    })
  }
  if (recipients.length === 0) {
    throw new BackupError(
      'no key to encrypt the backup to: make a pair with "age-keygen" on another computer, and set BACKUP_RECIPIENT, or --recipient, to its public key (age1…)',
    )
  }
  const now = systemClock.now()
  const out = await nameFile(options.out, now)
  await requireDatabase(config)
  const database = await openDatabase(config, { share: true })
  try {
    const url = config.databaseDirectUrl ?? database.url
    const progress = (rows: number) =>
      options.quiet ? noProgress : showProgress(rows, process.stderr)
    const made = await stopWhenAsked((signal) =>
      makeBackup(
        { config, url, clock: systemClock },
        { out, recipients, withSecrets: options.secrets, signal, progress },
      ),
    )
    const { bytes, rows, withLogKey } = made
    await noteBackup(url, { rows, bytes, secrets: options.secrets, recipients: [...recipients] })
    const say = out === '-' ? console.error : console.log
    say(`${out === '-' ? 'The backup' : out}: ${howMany(rows, 'row')}, ${tellSize(bytes)}.`)
    if (!options.secrets)
      say('SECRET_KEY and LOG_KEY are not in it: nothing can be restored without them.')
    else if (!withLogKey)
      say('LOG_KEY is not in it, since this machine has none: back up where a worker runs.')
  } finally {
    await database.close()
  }
}

/** On a connection of its own: the other reads a snapshot. A standby notes nothing, and the backup is there all the same. */
async function noteBackup(url: string, after: Facts): Promise<void> {
  const { db, close } = connect<Database>({ url, max: 1, onError: () => {} })
  try {
    const acting = { clock: systemClock, by: { face: 'command line', person: whoRuns() } } as const
    await noteAction(db, acting, { what: 'backup', petition: null, after })
  } catch (error) {
    console.error(`It is not among the actions: ${(error as Error).message}.`)
  } finally {
    await close()
  }
}

/** `-`, a file that is not there yet, or a name in a folder. */
async function nameFile(out: string, now: Date): Promise<string> {
  if (out === '-') {
    if (!process.stdout.isTTY) return out
    throw new BackupError('the standard output is a terminal: give a file, or send it into one')
  }
  const found = await stat(out).catch(() => null)
  if (!found) return out
  if (!found.isDirectory()) throw new BackupError(`${out} is there already: choose another --out`)
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  return join(out, `undersigned-${time}.age`)
}

interface ReadOptions {
  identity: string[]
  quiet?: boolean
}

async function runCheck(path: string, { identity, quiet }: ReadOptions): Promise<void> {
  const identities = await readIdentities(identity)
  const progress = await showBytes(path, quiet)
  const { manifest, secrets, rows } = await checkBackup(path, identities, progress.add)
  progress.end()
  const { made, postgresql, migration, log } = manifest
  console.log(`Made        ${made}, of PostgreSQL ${postgresql}, migrated to ${migration}`)
  console.log(
    `Log         ${log ? `${log.origin}, ${howMany(log.signed, 'entry', 'entries')} signed` : 'not begun'}`,
  )
  const named = SECRETS.filter((name) => secrets[name] !== undefined)
  console.log(`Secrets     ${named.length > 0 ? named.join(', ') : 'none'}`)
  for (const [table, count] of rows) console.log(`Table       ${table}: ${howMany(count, 'row')}`)
  console.log('It is whole, and can be restored.')
}

async function runSecrets(
  path: string,
  { identity, to }: { identity: string[]; to: string },
): Promise<void> {
  const { secrets } = await checkBackup(path, await readIdentities(identity), () => {})
  const written = await writeSecrets(secrets, to)
  if (written.length === 0)
    throw new BackupError(`${path} was made without secrets: get them from where you keep them`)
  for (const file of written) console.log(file)
}

const MEGABYTE = 1024 * 1024

/** Shows how much of a file was read, in megabytes. */
export async function showBytes(path: string, quiet: boolean | undefined, passes = 1) {
  const size = (await stat(path).catch(() => null))?.size ?? 0
  const progress = quiet ? noProgress : showProgress((size * passes) / MEGABYTE, process.stderr)
  return { add: (bytes: number) => progress.add(bytes / MEGABYTE), end: () => progress.end() }
}

function tellSize(bytes: number): string {
  return bytes < MEGABYTE
    ? `${Math.ceil(bytes / 1024)} kB`
    : `${Math.round(bytes / MEGABYTE).toLocaleString('en')} MB`
}
