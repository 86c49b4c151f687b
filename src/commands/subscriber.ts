import { type Command, Option } from 'commander'
import { takeAllTheTime } from '../platform/database/take-all-the-time.ts'
import { writeFileWhole } from '../platform/files/write-out.ts'
import { type TableFormat, tableFormats, writeTable } from '../platform/table/write-table.ts'
import { sealFile } from '../sealing/age/seal-file.ts'
import type { Site } from '../site.ts'
import { noSuchPetition } from './no-such-petition.ts'
import { CommandError, type Open } from './open-site.ts'

interface ExportOptions {
  out: string
  format?: TableFormat
}

const HELP = `
Who lets the organisers write to them, on this day: addresses, languages, and for each the link to leave the
list, which must stand in every mail. Who leaves later is missing only from a newer list: export it anew
before you write to anyone. It is the one list that counts; the list of signers doesn't say who wishes it.

The file is sealed to the organisers' keys, also on this server: "undersigned unseal", the unsealing page, or
"age --decrypt --identity key.txt" opens it.

Examples:
  undersigned subscriber export cop29-baku --out subscribers.csv.age
  undersigned unseal subscribers.csv.age --identity key.txt --out subscribers.csv`

export function addSubscriberCommands(program: Command, open: Open): void {
  program
    .command('subscriber')
    .description('those whom the organisers may write to')
    .command('export')
    .description('the list of this day, sealed for the organisers to open offline')
    .argument('<slug>', 'the petition, as in its address')
    .requiredOption('--out <file>', 'write this file, whole or not at all')
    .addOption(
      new Option(
        '--format <format>',
        'what is sealed; else by the ending of --out, or csv',
      ).choices(tableFormats),
    )
    .addHelpText('after', HELP)
    .action((slug: string, options: ExportOptions) =>
      open((site) => exportSubscribers(site, slug, options)),
    )
}

async function exportSubscribers(
  site: Site,
  slug: string,
  { out, format = formatOf(out) }: ExportOptions,
): Promise<void> {
  const { db, petitions, subscribers, whyClosed } = site
  const petition = await petitions.find(slug)
  if (!petition) throw noSuchPetition(slug)
  const { recipients } = petition.settings
  if (recipients.length === 0) {
    throw new CommandError(`${slug} has no recipients, so there is nobody to seal its list to`)
  }
  // A restored database has those on its list who have left it since.
  const closed = await whyClosed()
  if (closed) throw new CommandError(closed)
  let count = 0
  const onRows = (rows: number) => {
    count += rows
  }
  await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await takeAllTheTime(trx)
      const table = subscribers.list(trx, petition, onRows)
      await writeFileWhole(out, sealFile(recipients, writeTable(format, table)), { mode: 0o600 })
    })
  const who = count === 1 ? '1 subscriber' : `${count} subscribers`
  console.error(`${who} of ${slug} exported as ${format.toUpperCase()}, sealed.`)
}

const formatOf = (out: string): TableFormat =>
  tableFormats.find((format) =>
    out
      .toLowerCase()
      .replace(/\.age$/, '')
      .endsWith(`.${format}`),
  ) ?? 'csv'
