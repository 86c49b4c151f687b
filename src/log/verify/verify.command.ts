import { type Command, InvalidArgumentError } from 'commander'
import { type ProgressStream, showProgress } from '../../sealing/unseal/report/show-progress.ts'
import { stopWhenAsked } from '../../sealing/unseal/stop-when-asked.ts'
import { attempt, MalformedError } from '../core/malformed.ts'
import { COSIGNATURE_V1, type NoteKey, parseVkey } from '../core/note/note-key.ts'
import { PATIENCE } from './files/get-bytes.ts'
import { openPlace } from './files/open-place.ts'
import { verifyReceiptFile } from './receipt/verify-receipt-file.ts'
import { safeJson, safeText } from './safe-text.ts'
import { keepLog, makeStateFolder, pathsOf, readKeptLogs } from './state/kept-log.ts'
import { judge, writeVerdict } from './verdict/write-verdict.ts'
import { VerifyError } from './verify-error.ts'
import { forgetCopy, noteText, verifyLog } from './verify-log.ts'

interface Options {
  vkey?: string
  witness: NoteKey[]
  state: string
  keep?: string
  fresh?: boolean
  receipt?: string
  opening?: string
  json?: boolean
  quiet?: boolean
}

const HELP = `
Downloads the whole log, checks its signature, every tile and every entry, recomputes each petition's
count, and compares it with what the site shows. What it saw is kept in a small file: the next run finds
out when the log was rewritten since. An interrupted download goes on where it stopped.

Ends with 0 when all is well, with 1 when something is wrong.

Examples:
  undersigned verify https://sign.example.org
  undersigned verify https://sign.example.org --keep copy && undersigned verify copy
  undersigned verify --receipt receipt.txt`

/** @param stateFolder where what was verified is kept unless --state says otherwise */
export function addVerifyCommand(
  program: Command,
  stateFolder: string,
  stderr: ProgressStream = process.stderr,
): void {
  const command = program
    .command('verify')
    .description('recompute the public count from the log, or check a receipt')
    .argument('[place]', "the site's address, or a folder with a copy of its log")
    .option('--vkey <key>', "the log's key, as you have it from somebody you trust")
    .option(
      '--witness <vkey>',
      "demand this witness's signature; may be given several times",
      collectKeys,
      [],
    )
    .option('--state <folder>', 'where what was verified is kept', stateFolder)
    .option('--keep <folder>', 'keep the copy of the log there')
    .option('--fresh', 'download everything again')
    .option('--receipt <file>', 'check this receipt, without a network')
    .option('--opening <file>', "the receipt's private part")
    .option('--json', 'print the verdict as JSON')
    .option('--quiet', 'show no progress')
    .addHelpText('after', HELP)
    .action(async (place: string | undefined, options: Options) => {
      if ((place === undefined) === (options.receipt === undefined)) {
        command.error('error: give either a place to verify, or --receipt <file>')
      }
      if (options.receipt !== undefined) return checkReceipt(options.receipt, options, stderr)
      await stopWhenAsked((signal) => verify(place!, options, signal, stderr))
    })
}

async function verify(at: string, options: Options, signal: AbortSignal, stderr: ProgressStream) {
  const http = { signal, patience: PATIENCE }
  const { name, site } = await openPlace(at, http)
  await makeStateFolder(options.state)
  const { file, copy } = pathsOf(options.state, name)
  const all = await readKeptLogs(options.state, (damaged) => explainDamaged(stderr, damaged))
  // A folder is a copy of some site's log: what is known of that log holds for it, too.
  const kept = all.find((each) => each.place === name) ?? null
  const copyTo = site ? (options.keep ?? copy) : null
  if (options.fresh && copyTo) await forgetCopy(copyTo)
  let progress: ReturnType<typeof showProgress> | null = null
  let shown = 0
  const log = await verifyLog(at, {
    vkey: options.vkey ?? null,
    witnesses: options.witness,
    kept,
    copyTo,
    http,
    onFile(entries, size) {
      if (options.quiet) return
      progress ??= showProgress(size, stderr)
      progress.add(entries - shown)
      shown = entries
    },
  }).finally(() => progress?.end())
  const verdict = judge(log, { witnesses: options.witness, kept })
  console.log(options.json ? safeJson(verdict) : writeVerdict(verdict).join('\n'))
  if (!verdict.ok) {
    if (copyTo)
      stderr.write(`What was downloaded lies in ${copyTo}: keep it if this is a matter of proof.\n`)
    process.exitCode = 1
    return
  }
  const { vkey, note } = log
  await keepLog({ place: name, vkey, note: noteText(note), verifiedAt: new Date(), file })
  if (copyTo && !options.keep) await forgetCopy(copyTo)
}

async function checkReceipt(path: string, options: Options, stderr: ProgressStream): Promise<void> {
  const known = await readKeptLogs(options.state, (damaged) => explainDamaged(stderr, damaged))
  const { ok, lines } = await verifyReceiptFile(path, {
    opening: options.opening ?? null,
    vkey: options.vkey ?? null,
    witnesses: options.witness,
    known,
  })
  console.log(options.json ? safeJson({ ok, lines }) : lines.join('\n'))
  if (!ok) process.exitCode = 1
}

/** @throws VerifyError: whoever damaged it may want that a rewritten log is not found out */
function explainDamaged(_stderr: ProgressStream, file: string): never {
  throw new VerifyError(
    `${safeText(file)} is damaged: what it says of an earlier run can't be believed; move it away to begin anew`,
  )
}

function collectKeys(value: string, before: NoteKey[]): NoteKey[] {
  const key = attempt(() => parseVkey(value))
  if (key instanceof MalformedError) throw new InvalidArgumentError(key.message)
  if (key.type !== COSIGNATURE_V1)
    throw new InvalidArgumentError("this is a log's key, not a witness's")
  return [...before, key]
}
