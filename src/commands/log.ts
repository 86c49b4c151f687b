import type { Command } from 'commander'
import { LogRefusal } from '../log/sequencing/log-writer.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import type { Rebuilt } from '../restoring/rebuild-log.ts'
import type { Open } from './open-site.ts'

const VKEY_HELP = `
Publish it where people will find it without this site, for example in the DNS, so that a seized
server can't hand out another:

  undersigned log vkey --dns`

const REBUILD_HELP = `
After the restore of a backup, or when a replica has become the primary: the site serves no form and no mailed
link until this has run. Run it on the node whose DATA_DIR wrote the log last. The copy is checked whole before
anything is changed, and everything is changed or nothing. A database that lacks nothing is only marked anew.

On a machine without a DATA_DIR of the site nothing says how far the log had come. Give a copy with --from. Where no
copy is left and nobody can have seen a longer log than the backup's, say so with --ends-here: were it wrong, the log
would go on as a second history, and everybody who verifies it would find that.

Examples:
  undersigned log rebuild
  undersigned log rebuild --from https://mirror.example.org`

/** @returns the `log` group, for further commands */
export function addLogCommands(program: Command, open: Open): Command {
  const log = program.command('log').description('the public log')

  log
    .command('status')
    .description('how far the log is, and whether it may go on')
    .action(() =>
      open(async ({ publicLog, restoring }) => {
        const status = await publicLog.status()
        const { origin, vkey, published, publishedAt, sequenced, queued } = status
        console.log(`Log         ${origin}`)
        console.log(`Key         ${vkey}`)
        console.log(`Published   ${published ?? 'nothing yet'}${since(publishedAt)}`)
        console.log(
          `In the log  ${howMany(sequenced, 'entry', 'entries')}; ${howMany(queued, 'waits', 'wait')} for a batch`,
        )
        console.log(`Kept        ${status.lastSigned ?? `nothing yet in ${status.folder}`}`)
        await status.checkExtends()
        const why = await restoring.whyClosed()
        if (why) throw new LogRefusal(why)
        console.log('It extends everything that was signed before, and may go on.')
      }),
    )

  log
    .command('vkey')
    .description('the key that the log is signed with, as verifiers take it')
    .option('--dns', 'as a TXT record of the DNS')
    .addHelpText('after', VKEY_HELP)
    .action(({ dns }: { dns?: boolean }) =>
      open(async ({ publicLog, config }) => {
        const vkey = await publicLog.vkey()
        const { hostname } = new URL(config.publicUrl)
        console.log(dns ? `_undersigned-log.${hostname}. 3600 IN TXT "${vkey}"` : vkey)
      }),
    )

  log
    .command('rebuild')
    .description("make the database's log that of the public entries, after a restore")
    .option('--from <source>', "a folder or a site with the log; else this node's own copy")
    .option('--ends-here', 'nobody has seen a longer log than the restored one; see below')
    .addHelpText('after', REBUILD_HELP)
    .action(({ from, endsHere }: { from?: string; endsHere?: boolean }) =>
      open(async ({ restoring }, by) => {
        const rebuilt = endsHere
          ? await restoring.reopen({ from: from ?? null, endsHere }, by)
          : await restoring.rebuild(from ?? null, by, { create: false })
        if (rebuilt === 'unproved') return
        for (const line of describeRebuilt(rebuilt)) console.log(line)
      }),
    )

  return log
}

export function describeRebuilt(rebuilt: Rebuilt | null): string[] {
  if (!rebuilt) {
    return ["The database's log lacks nothing that was signed: only its mark is renewed.", GOES_ON]
  }
  const { before, after, found, confirmedAgain, withdrawnAgain, voidedAgain, lost, waiting } =
    rebuilt
  const { paperAgain, turnedAwayAgain } = rebuilt
  const lines: [number, string][] = [
    [found, 'sealed, found in the log'],
    [confirmedAgain, 'confirmed after the backup, and confirmed again'],
    [withdrawnAgain, 'withdrawn after the backup, and erased again'],
    [voidedAgain, 'voided after the backup, and voided again'],
    [lost, 'in the log and nowhere else: counted as before, and no key opens them'],
    [
      paperAgain,
      'on paper, added after the backup: the number is back, the sealed scan, place and day are not',
    ],
    [
      turnedAwayAgain,
      'turned away after the backup: the number is back, and not whose they were; see "undersigned quarantine list"',
    ],
    [waiting, 'not in the log yet, and waiting for the next batch'],
  ]
  return [
    `The database's log had ${howMany(before, 'entry', 'entries')} and has ${after}.`,
    ...lines
      .filter(([number]) => number > 0)
      .map(([number, what]) => `${howMany(number, 'signature')} ${what}.`),
    GOES_ON,
  ]
}

const GOES_ON = 'Processes that run go on by themselves; start again those that were stopped.'

const since = (time: Date | null) => (time ? ` entries, since ${time.toISOString()}` : '')
