import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Removal } from '../imported/imports.ts'
import { AFFIRMED } from '../imported/invite.ts'
import { type Origin, origins } from '../imported/map-columns.ts'
import { PER_MINUTE } from '../imported/send-invitations.ts'
import { readSnapshot } from '../platform/database/connect.ts'
import { writeFileWhole } from '../platform/files/write-out.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import type { ProgressStream } from '../platform/terminal/show-progress.ts'
import { asking } from './agree.ts'
import { type InviteCommandOptions, importFile, inviteBatch, toBatch } from './import-file.ts'
import { getPetition, type Open } from './open-site.ts'
import { tellBatch } from './tell-import.ts'

const HELP = `
Signatures from elsewhere never join the count: nobody has verified them here. Pages show their number apart, as the
organisers' own word, and the public log holds it. Each is encrypted to the organisers before it is stored; the server
can't read it again. Whoever signs here later is taken out of that number.

Examples:
  undersigned import signatures cop29-baku signers.csv --from change.org
  undersigned import signatures cop29-baku signers.csv --from change.org --apply
  undersigned import list cop29-baku
  undersigned import invite cop29-baku 1 signers.csv --we-may-write
  undersigned import export cop29-baku --out imported.jsonl && undersigned unseal imported.jsonl …
  undersigned import remove cop29-baku 1 --yes`

export function addImportCommands(
  program: Command,
  open: Open,
  stderr: ProgressStream = process.stderr,
): void {
  const group = program
    .command('import')
    .description('signatures that were collected on other sites, beside the count')
    .addHelpText('after', HELP)

  group
    .command('signatures <slug> <file>')
    .description('read a file and say what is in it; with --apply, take it in')
    .addOption(
      new Option('--from <site>', 'whose export it is; csv for any other table')
        .choices(origins)
        .makeOptionMandatory(),
    )
    .option('--apply', 'do it; without this it only says what would happen')
    .action((slug: string, file: string, options: { from: Origin; apply?: boolean }) =>
      open((site, by) => importFile(site, { slug, file, ...options, by }, stderr)),
    )

  group
    .command('list <slug>')
    .description('what was taken in, the newest first')
    .action((slug: string) =>
      open(async ({ petitions, imports }) => {
        const petition = await getPetition(petitions, slug)
        for (const batch of await imports.list(petition)) console.log(tellBatch(batch))
        console.log(`${await imports.total(petition)} are shown as collected on other sites.`)
      }),
    )

  group
    .command('invite <slug> <batch> <file>')
    .description('invite the people of a batch, each once, to sign here')
    .option('--we-may-write', `state: “${AFFIRMED}”`)
    .addOption(
      new Option(
        '--per-minute <mails>',
        `at most so many a minute, of all batches (default: as before, at first ${PER_MINUTE.default})`,
      ).argParser(toPace),
    )
    .option('--language <tag>', "for people whose own language the file doesn't say")
    .action((slug: string, batch: string, file: string, options: InviteCommandOptions) =>
      open((site, by) => inviteBatch(site, { slug, batch, file, ...options, by }, stderr)),
    )

  group
    .command('remove <slug> <batch>')
    .description('erase a batch and the invitations that wait')
    .option('--yes', 'do it unasked')
    .action((slug: string, batch: string, { yes }: { yes?: boolean }) =>
      open(async ({ petitions, imports }, by) => {
        const petition = await getPetition(petitions, slug)
        const id = toBatch(batch)
        const agree = asking<Removal>({
          yes,
          show: ({ figures: { held, waiting } }) =>
            console.log(
              `These go: ${howMany(held, 'person', 'people')} of batch ${id}, and ${howMany(waiting, 'invitation')}.`,
            ),
          question: 'Erase them?',
          unasked: 'nothing was erased: add --yes to do it',
        })
        const erased = await imports.remove(petition, id, by, agree)
        console.log(`Erased: ${howMany(erased, 'person', 'people')}.`)
      }),
    )

  group
    .command('export <slug>')
    .description('the sealed records of all batches, for the organisers to open offline')
    .requiredOption('--out <file>', 'write this file, whole or not at all')
    .action((slug: string, { out }: { out: string }) =>
      open(async ({ db, petitions, imports }, by) => {
        const petition = await getPetition(petitions, slug)
        await readSnapshot(db, async (trx) =>
          writeFileWhole(out, await imports.export(trx, petition, by), { mode: 0o600 }),
        )
        console.log(`${out} is written: "undersigned unseal" opens it with the organisers' key.`)
      }),
    )
}

function toPace(text: string): number {
  const pace = Number(text)
  if (Number.isInteger(pace) && pace >= PER_MINUTE.least && pace <= PER_MINUTE.most) return pace
  throw new InvalidArgumentError(`It takes ${PER_MINUTE.least} to ${PER_MINUTE.most}.`)
}
