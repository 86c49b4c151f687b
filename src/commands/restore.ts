import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { parseVkey } from '../log/core/note/note-key.ts'
import { logFolder } from '../log/log-folder.ts'
import { readIdentities } from '../offline/unseal/read-identities.ts'
import { collectValues } from '../offline/unseal/unseal-options.ts'
import { systemClock } from '../platform/clock.ts'
import { refuseWhileRunning } from '../platform/database/embedded/start-embedded.ts'
import { ExpectedError } from '../platform/expected-error.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import type { Manifest } from '../restoring/backup-format.ts'
import { checkSecrets, keepSecrets } from '../restoring/backup-secrets.ts'
import { openCopy } from '../restoring/open-copy.ts'
import { checkBackup } from '../restoring/read-backup.ts'
import { restoreBackup } from '../restoring/restore-backup.ts'
import { openSite } from '../site.ts'
import { showBytes } from './backup.ts'
import { describeRebuilt } from './log.ts'
import { CommandError, thePerson } from './open-site.ts'

const HELP = `
Fills an empty database from a file of "undersigned backup", on a new machine or beside a DATA_DIR that is still there.
The file, and the copy of the log if you name one, are read whole before anything is changed. The public log has to go
on from where the world has seen it, or it would become a second history that nobody trusts. Use the first of these
that you have:

  --log-from <source>  a worker's saved DATA_DIR, which also tells repeated mailboxes apart; else a copy of the log: the
                       site's own address while it still answers, or a mirror that somebody keeps with
                       "undersigned verify --keep"
  nothing              this machine's own DATA_DIR, if it has signed the log since the backup
  --log-ends-here      your word that nobody has seen a longer log than the backup's

Without any of them the data is restored, and the site stays closed until "undersigned log rebuild" gets one.

Examples:
  undersigned restore undersigned.age --identity key.txt --log-from https://mirror.example.org
  undersigned restore undersigned.age --identity key.txt --replace sign.example.org`

/** What is left to do after the data is back. */
const THEN =
  'run "undersigned log rebuild --from" with the newest copy of the log, or, if nobody can have seen a longer one, "undersigned log rebuild --ends-here"'

interface Options {
  identity: string[]
  replace?: string
  logFrom?: string
  logEndsHere?: boolean
  quiet?: boolean
}

export function addRestoreCommand(program: Command): void {
  program
    .command('restore')
    .description('bring a site back from a file of "undersigned backup"')
    .argument('<file>')
    .requiredOption(
      '--identity <file>',
      'age key file that opens it; - for the standard input',
      collectValues,
    )
    .option('--replace <host>', 'delete what is in the database, which is the data of that site')
    .option('--log-from <source>', 'a folder or a site with the newest copy of the public log')
    .option('--log-ends-here', 'nobody has seen a longer log than the one in the backup')
    .option('--quiet', 'show no progress')
    .addHelpText('after', HELP)
    .action(runRestore)
}

async function runRestore(path: string, options: Options, command: Command): Promise<void> {
  const { identity, replace = null, logFrom: from = null, logEndsHere: endsHere = false } = options
  if (from !== null && endsHere) {
    command.error('error: give --log-from or --log-ends-here, not both', { exitCode: 2 })
  }
  const config = readConfig(process.env)
  const identities = await readIdentities(identity)
  if (!config.databaseUrl) await refuseWhileRunning(config.dataDir)
  const progress = await showBytes(path, options.quiet, 2)
  const file = { path, identities, onBytes: progress.add }
  const { manifest, secrets } = await checkBackup(path, identities, progress.add)
  await checkSecrets(config, { manifest, kept: secrets })
  if (from !== null && manifest.log) {
    const { vkey, signed: least } = manifest.log
    await openCopy(from, { key: parseVkey(vkey), folder: logFolder(config), least })
  }
  await keepSecrets(config, secrets)
  const site = await openSite(config, null, { share: true })
  try {
    const by = thePerson()
    const { host } = new URL(config.publicUrl)
    const passedOver = await restoreBackup({ ...site, clock: systemClock, by }, file, {
      replace,
      host,
    })
    progress.end()
    console.log(`The database is back as it was at ${manifest.made}.`)
    for (const table of passedOver)
      console.log(`The table ${table} is none of the program's: it was passed over.`)
    const rebuilt = await site.site.restoring
      .reopen({ from, endsHere }, by)
      .catch((error: unknown) => {
        if (!(error instanceof ExpectedError)) throw error
        throw new CommandError(
          `the data is back, and the site stays closed: ${error.message}; ${THEN}`,
        )
      })
    if (rebuilt === 'unproved') throw new CommandError(explainUnproved(manifest))
    for (const line of describeRebuilt(rebuilt)) console.log(line)
  } finally {
    await site.close()
  }
}

function explainUnproved({ log, made }: Manifest): string {
  const known = log
    ? `had ${howMany(log.signed, 'signed entry', 'signed entries')}`
    : 'had not begun'
  return `the data is back, and the site stays closed: at ${made} the log ${known}, and nothing here tells how far it came since; ${THEN}`
}
