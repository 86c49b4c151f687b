import { type Command, Option } from 'commander'
import { type TableFormat, tableFormats } from '../../platform/table/write-table.ts'
import { escapeUnsafe } from '../../platform/terminal/escape-unsafe.ts'
import {
  noProgress,
  type ProgressStream,
  showProgress,
} from '../../platform/terminal/show-progress.ts'
import { stopWhenAsked } from '../../platform/terminal/until-asked-to-stop.ts'
import { readIndexes } from '../audit/audit-input.ts'
import { type ListFormat, listFormats } from './format-list.ts'
import { type HandOverFormat, handOverFormats, isHandOver } from './hand-over.ts'
import { HAND_OVER_HELP, openHandOver, tellHandOver } from './hand-over-options.ts'
import { readIdentities } from './read-identities.ts'
import type { Report } from './report.ts'
import { UnsealError } from './unseal-error.ts'
import { type FileOptions, resealFile, unsealFile } from './unseal-file.ts'
import { isSealedList, unsealList } from './unseal-list.ts'
import { checkPaths, collectValues, readRecipients } from './unseal-options.ts'

interface CommonOptions {
  identity: string[]
  out: string
  salvage?: boolean
  force?: boolean
  quiet?: boolean
}

interface UnsealCommandOptions extends CommonOptions {
  format?: ListFormat | HandOverFormat
  only?: string
  includeMismatched?: boolean
  subscribers?: string
  everyone?: boolean
}

const UNSEAL_HELP = `
Works offline, without a server, a database or settings. Every record is checked against what was
committed to when it was sealed; what is wrong is listed by id, and the rest is written.

CSV and XLSX: an apostrophe goes before what a spreadsheet would run as a formula (=, +, -, @). JSON
has what was typed. first_name and last_name are a guess: the last word of the name, and the others. Whom
the organisers may write to is in none of them, but in the list of subscribers ("undersigned subscriber
export"), which this command opens, too.

For an audit, --only and --format audit write one JSON document, "undersigned-opened/1": index, id, r, slug,
name, email, normalisedEmail and textVersion of each, just what its commitment in the public log covers and
the address to write to. r leaves in no other format. All other records stay sealed.

${HAND_OVER_HELP}

Ends with 0 when all is well, with 1 when something was wrong. Entries that are not in the file are listed.

Examples, on a computer you trust:
  undersigned unseal signatures.jsonl --identity key.txt --format csv --out signers.csv
  undersigned unseal signatures.jsonl --identity key.txt --only draw.json --format audit --out opened.json
  age --decrypt key.age | undersigned unseal signatures.jsonl --identity - --format xlsx --out signers.xlsx`

const RESEAL_HELP = `
For a change of keys: give an old key, and the recipient of every new one. Works offline. What the old
key doesn't open is listed, and stays in the file as it was.

Example:
  undersigned reseal signatures.jsonl --identity old-key.txt --to age1…,age1… --out resealed.jsonl`

/** Commands that need no server, no database and no settings. */
export function addUnsealCommands(program: Command, stderr: ProgressStream = process.stderr): void {
  const common = (command: Command) =>
    command
      .argument('<file>', 'what "undersigned export signatures" wrote')
      .requiredOption(
        '--identity <keyfile>',
        'an age key file, or - for the standard input; may be given several times, one that fits is enough',
        collectValues,
      )
      .requiredOption('--out <file>', 'write this file, whole or not at all, for you alone')
      .option('--salvage', 'take what is there of a file that was cut short')
      .option('--force', 'replace the file if it is there')
      .option('--quiet', 'show no progress')

  const unseal = common(program.command('unseal'))
    .description("open sealed records with the organisers' key")
    .addOption(
      new Option('--format <format>', 'kind of file; else by the ending of --out, or csv').choices([
        ...listFormats,
        ...handOverFormats,
      ]),
    )
    .option('--subscribers <file>', 'for a mailing tool: the list of "subscriber export", of today')
    .option('--everyone', 'for a mailing tool: also who never asked for mail')
    .option(
      '--only <entries>',
      'open these alone: numbers of log entries between commas, or a file of them, such as a draw',
    )
    .option('--include-mismatched', 'keep records that are not what the public log committed to')
    .addHelpText('after', UNSEAL_HELP)
    .action(async (file: string, options: UnsealCommandOptions) => {
      await checkPaths(unseal, file, options)
      const { out, includeMismatched = false } = options
      if (await isSealedList(file)) return openList(unseal, file, options, stderr)
      const format = options.format ?? formatOf(out) ?? 'csv'
      if (format === 'audit' && options.only === undefined) unseal.error(AUDIT_NEEDS_ONLY)
      const only = options.only === undefined ? undefined : await readOnly(options.only)
      if (!isHandOver(format) && (options.subscribers !== undefined || options.everyone)) {
        unseal.error(`error: --subscribers and --everyone are for ${handOverFormats.join(', ')}`)
      }
      const identities = await readIdentities(options.identity)
      const handOver = isHandOver(format)
        ? await openHandOver(unseal, format, options, identities)
        : null
      const report = await stopWhenAsked((signal) =>
        unsealFile(file, identities, {
          ...fill(options, signal, stderr),
          format,
          includeMismatched,
          only,
          handOver,
        }),
      )
      const left = handOver ? tellHandOver(handOver, stderr) : 0
      tell(stderr, report, `${report.counts().written - left} written to ${out}`)
    })

  const reseal = common(program.command('reseal'))
    .description('seal sealed records to other keys')
    .requiredOption(
      '--to <recipients>',
      'the new recipients (age1…), between commas',
      collectValues,
    )
    .addHelpText('after', RESEAL_HELP)
    .action(async (file: string, options: CommonOptions & { to: string[] }) => {
      const recipients = readRecipients(reseal, options.to)
      await checkPaths(reseal, file, options)
      const identities = await readIdentities(options.identity)
      const report = await stopWhenAsked((signal) =>
        resealFile(file, { identities, recipients }, fill(options, signal, stderr)),
      )
      const keys = recipients.length === 1 ? '1 key' : `${recipients.length} keys`
      tell(stderr, report, `sealed to ${keys} in ${options.out}`)
    })
}

const AUDIT_NEEDS_ONLY =
  'error: --format audit is for a sample: say with --only which entries, since it tells what binds signers to the public log'

const readOnly = async (given: string) => new Set(await readIndexes(given, { draws: true }))

const formatOf = (out: string): TableFormat | null =>
  tableFormats.find((format) => out.toLowerCase().endsWith(`.${format}`)) ?? null

/** A list of subscribers, which is sealed whole: its records are none of the log's. */
async function openList(
  command: Command,
  file: string,
  options: UnsealCommandOptions,
  stderr: ProgressStream,
): Promise<void> {
  const { out, force = false, format = formatOf(out), only, includeMismatched } = options
  if (format !== null && isHandOver(format)) {
    command.error(
      'error: give the sealed records as <file>, and this list as --subscribers: it has no names',
    )
  }
  if (only !== undefined || includeMismatched || format === 'audit') {
    command.error('error: --only, --include-mismatched and --format audit are for sealed records')
  }
  const identities = await readIdentities(options.identity)
  await unsealList(file, identities, { out, force, format })
  stderr.write(
    `The list is written to ${out}. It is of the day that it names: export it anew before you write.\n`,
  )
}

function fill(options: CommonOptions, signal: AbortSignal, stderr: ProgressStream): FileOptions {
  const { out, force = false, salvage = false, quiet } = options
  const beginProgress = (records: number) => (quiet ? noProgress : showProgress(records, stderr))
  return { out, force, salvage, signal, beginProgress }
}

/** @throws UnsealError when something was wrong, so that a script learns of it, too */
function tell(stderr: ProgressStream, report: Report, what: string): void {
  for (const line of report.tell()) stderr.write(`${escapeUnsafe(line)}\n`)
  const { lines, opened, problems } = report.counts()
  stderr.write(`${opened} of ${lines} records opened, ${what}.\n`)
  if (problems === 0) return
  throw new UnsealError(
    `${problems} problem${problems === 1 ? '' : 's'}: the lines above say with which records`,
  )
}
