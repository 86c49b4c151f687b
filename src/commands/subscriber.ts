import { type Command, Option } from 'commander'
import type { Actions } from '../actions/actions.ts'
import type { Actor } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Petitions } from '../petition/petitions.ts'
import { readSnapshot } from '../platform/database/connect.ts'
import { writeFileWhole } from '../platform/files/write-out.ts'
import { type TableFormat, tableFormats, writeTable } from '../platform/table/write-table.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import type { Restoring } from '../restoring/restoring.ts'
import { sealFile } from '../sealing/age/seal-file.ts'
import type { Subscribers } from '../subscriber/subscribers.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

interface ExportOptions {
  out: string
  format?: TableFormat
}

const HELP = `
Subscribers of this day: address, language, and for each the link to leave the list, which must stand in
every mail. Those who leave later are missing from a newer list only: export it anew before you write to
anyone. The list of signers doesn't say who subscribed.

The file is sealed to the organisers' keys, also on this server: "undersigned unseal", the unsealing page, or
"age --decrypt --identity key.txt" opens it.

Examples:
  undersigned subscriber export cop29-baku --out subscribers.csv.age
  undersigned unseal subscribers.csv.age --identity key.txt --out subscribers.csv`

export function addSubscriberCommands(program: Command, open: Open): void {
  program
    .command('subscriber')
    .description('the list for updates: people whom the organisers may write to')
    .command('export')
    .description('the list of this day, sealed for the organisers to open offline')
    .argument('<slug>', 'the petition, as in its address')
    .requiredOption('--out <file>', 'write this file, whole or not at all')
    .addOption(
      new Option('--format <format>', 'kind of file; else by the ending of --out, or csv').choices(
        tableFormats,
      ),
    )
    .addHelpText('after', HELP)
    .action((slug: string, options: ExportOptions) =>
      open((site, by) => exportSubscribers(site, slug, { ...options, by })),
    )
}

interface Needs {
  db: Db
  actions: Actions
  petitions: Petitions
  subscribers: Subscribers
  restoring: Pick<Restoring, 'whyClosed'>
}

async function exportSubscribers(
  { db, actions, petitions, restoring, subscribers }: Needs,
  slug: string,
  { out, format = formatOf(out), by }: ExportOptions & { by: Actor },
): Promise<void> {
  const petition = await getPetition(petitions, slug)
  const { recipients } = petition.settings
  if (recipients.length === 0) {
    throw new CommandError(`${slug} has no recipients, so there is nobody to seal its list to`)
  }
  // A restored database may list subscribers who have left since.
  const closed = await restoring.whyClosed()
  if (closed) throw new CommandError(closed)
  await actions.note(by, { what: 'subscriber export', petition, after: { recipients } })
  let count = 0
  const onRows = (rows: number) => {
    count += rows
  }
  await readSnapshot(db, (trx) => {
    const table = subscribers.list(trx, petition, onRows)
    return writeFileWhole(out, sealFile(recipients, writeTable(format, table)), { mode: 0o600 })
  })
  console.error(
    `${howMany(count, 'subscriber')} of ${slug} exported as ${format.toUpperCase()}, sealed.`,
  )
}

const formatOf = (out: string): TableFormat =>
  tableFormats.find((format) =>
    out
      .toLowerCase()
      .replace(/\.age$/, '')
      .endsWith(`.${format}`),
  ) ?? 'csv'
