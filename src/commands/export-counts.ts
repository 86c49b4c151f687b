import { type Command, Option } from 'commander'
import { type Breakdown, breakdowns } from '../count/read-counts.ts'
import { type Format, formats, writeCounts } from '../count/write-counts.ts'
import { ExportError } from '../platform/files/export-error.ts'
import { type Stdout, writeFileWhole, writeToStdout } from '../platform/files/write-out.ts'
import { noSuchPetition } from './no-such-petition.ts'
import type { Open } from './open-site.ts'

interface CountsOptions {
  by: Breakdown
  format: Format
  out?: string
}

const COUNTS_HELP = `
Hours and days are UTC. Unlike the public API, small countries and languages are not folded into
"other": mind who sees the file.

Examples:
  undersigned export counts cop29-baku --by day
  undersigned export counts cop29-baku --by source --format xlsx --out sources.xlsx`

/**
 * Adds `export` and its subcommands.
 * @param open opens the site for one piece of work and closes them after it
 * @returns the `export` command, for rooms that export something else
 */
export function addExportCommands(
  program: Command,
  open: Open,
  stdout: Stdout = process.stdout,
): Command {
  const group = program.command('export').description('counts and sealed records as files')
  group
    .command('counts')
    .description('how many signatures stand, by one breakdown')
    .argument('<slug>', 'the petition, as in its address')
    .addOption(new Option('--by <what>', 'what to count by').choices(breakdowns).default('total'))
    .addOption(new Option('--format <format>', 'kind of file').choices(formats).default('csv'))
    .option('--out <file>', 'write this file, whole or not at all, instead of the standard output')
    .addHelpText('after', COUNTS_HELP)
    .action((slug: string, options: CountsOptions) => runCounts(open, stdout, slug, options))
  return group
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
  const counts = await open(async (site) => {
    const petition = await site.petitions.find(slug)
    if (!petition) throw noSuchPetition(slug)
    return site.counts.export(petition, by)
  })
  const content = await writeCounts(counts, format)
  if (out) await writeFileWhole(out, content)
  // A terminal's prompt belongs on a line of its own.
  else await writeToStdout(stdout, format === 'json' ? `${content}\n` : content)
}
