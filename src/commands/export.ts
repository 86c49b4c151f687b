import { type Command, Option } from 'commander'
import type { Actions } from '../actions/actions.ts'
import type { Actor } from '../actions/note-action.ts'
import { type Breakdown, breakdowns } from '../count/read-counts.ts'
import { type Format, formats, writeCounts } from '../count/write-counts.ts'
import type { Db } from '../database.ts'
import type { Petitions } from '../petition/petitions.ts'
import { readSnapshot } from '../platform/database/connect.ts'
import {
  ExportError,
  type Stdout,
  writeFileWhole,
  writeToStdout,
} from '../platform/files/write-out.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import type { Signatures } from '../signature/signatures.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

interface CountsOptions {
  by: Breakdown
  format: Format
  out?: string
}

const COUNTS_HELP = `
Hours and days are UTC. Small countries and languages are not folded into "other" as in the public API:
mind who sees the file.

Examples:
  undersigned export counts cop29-baku --by day
  undersigned export counts cop29-baku --by source --format xlsx --out sources.xlsx`

const SIGNATURES_HELP = `
The file is sealed: only the organisers' keys open it, with "undersigned unseal" or the unsealing page.
The server can't, and needs no key to write it. Its first line holds the public log's checkpoint, and each
record the number of its entry there, which is how an audit finds it.

Example:
  undersigned export signatures cop29-baku --out signatures.jsonl`

export function addExportCommands(
  program: Command,
  open: Open,
  stdout: Stdout = process.stdout,
): void {
  const group = program.command('export').description('counts and sealed records as files')
  group
    .command('counts')
    .description('how many signatures count, by one breakdown')
    .argument('<slug>', 'the petition, as in its address')
    .addOption(new Option('--by <what>', 'what to count by').choices(breakdowns).default('total'))
    .addOption(new Option('--format <format>', 'kind of file').choices(formats).default('csv'))
    .option('--out <file>', 'write this file, whole or not at all, instead of the standard output')
    .addHelpText('after', COUNTS_HELP)
    .action((slug: string, options: CountsOptions) => runCounts(open, stdout, slug, options))

  group
    .command('signatures')
    .description('the sealed records of everyone who signed, for the organisers to open offline')
    .argument('<slug>', 'the petition, as in its address')
    .requiredOption('--out <file>', 'write this file, whole or not at all')
    .addHelpText('after', SIGNATURES_HELP)
    .action((slug: string, { out }: { out: string }) =>
      open((site, by) => exportSignatures(site, slug, { out, by })),
    )
}

async function runCounts(
  open: Open,
  stdout: Stdout,
  slug: string,
  { by, format, out }: CountsOptions,
): Promise<void> {
  if (format === 'xlsx' && !out && stdout.isTTY) {
    throw new ExportError("a terminal can't show XLSX: add --out FILE, or use --format csv")
  }
  const table = await open(async ({ actions, counts, petitions }, actor) => {
    const petition = await getPetition(petitions, slug)
    await actions.note(actor, { what: 'export counts', petition, after: { by } })
    return counts.export(petition, by)
  })
  const content = await writeCounts(table, format)
  if (out) await writeFileWhole(out, content)
  // A terminal's prompt belongs on a line of its own.
  else await writeToStdout(stdout, format === 'json' ? `${content}\n` : content)
}

async function exportSignatures(
  {
    db,
    actions,
    petitions,
    signatures,
  }: { db: Db; actions: Actions; petitions: Petitions; signatures: Signatures },
  slug: string,
  { out, by }: { out: string; by: Actor },
): Promise<void> {
  const petition = await getPetition(petitions, slug)
  if (petition.settings.recipients.length === 0) {
    throw new CommandError(`${slug} has no recipients, so none of its signatures was sealed`)
  }
  await actions.note(by, { what: 'export signatures', petition })
  await readSnapshot(db, async (trx) => {
    await writeFileWhole(out, countLines(signatures.readSealed(trx, petition)))
    if (await signatures.waitsForSealing(trx, petition.id)) {
      console.error('Some confirmed signatures are not sealed yet and not in this file.')
    }
  })
}

/** Counts up on a terminal; a pipe or a log gets the last line only. */
async function* countLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  const { isTTY } = process.stderr
  let records = -1
  for await (const chunk of chunks) {
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', at + 1)) records++
    if (isTTY && records > 0) process.stderr.write(`\r${howMany(records, 'record')}`)
    yield chunk
  }
  process.stderr.write(`${isTTY ? '\r' : ''}${howMany(records, 'sealed record')} exported.\n`)
}
