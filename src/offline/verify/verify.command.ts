import { type Command, InvalidArgumentError } from 'commander'
import { attempt, MalformedError } from '../../log/core/canonical.ts'
import {
  COSIGNATURE_V1,
  type NoteKey,
  parseVkey,
  UnknownKeyTypeError,
} from '../../log/core/note/note-key.ts'
import { safeJson, safeText } from '../../platform/terminal/escape-unsafe.ts'
import {
  noProgress,
  type ProgressStream,
  showProgress,
} from '../../platform/terminal/show-progress.ts'
import { stopWhenAsked } from '../../platform/terminal/until-asked-to-stop.ts'
import { readKeptLogs } from './kept-log.ts'
import { runVerify } from './run-verify.ts'
import { PATIENCE } from './source/get-bytes.ts'
import { LogRestoringError } from './verify-error.ts'
import { verifyReceiptFile } from './verify-receipt-file.ts'
import { writeVerdict } from './write-verdict.ts'

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

interface VerifySettings {
  /** The command as a person types it, up to its arguments. */
  called: string
  /** The default of --state. */
  stateFolder: string
  stderr?: ProgressStream
}

const help = (called: string) => `
Downloads the whole log, checks its signature, every tile and every entry, recomputes each petition's
count, and compares it with what the site shows. What it saw is kept in a small file: the next run finds
out when the log was rewritten since. An interrupted download goes on where it stopped.

Ends with 0 when all is well, with 1 when something is wrong.

Examples:
  ${called} https://sign.example.org
  ${called} https://sign.example.org --keep copy && ${called} copy
  ${called} --receipt receipt.tlog-proof`

/** Makes the command one that verifies: a part of the program, or a program of its own. */
export function defineVerify(
  command: Command,
  { called, stateFolder, stderr = process.stderr }: VerifySettings,
): void {
  command
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
    .addHelpText('after', help(called))
    .action(async (source: string | undefined, options: Options) => {
      if ((source === undefined) === (options.receipt === undefined)) {
        command.error('error: give either a place to verify, or --receipt <file>')
      }
      if (options.receipt !== undefined) return checkReceipt(options.receipt, options, called)
      await stopWhenAsked((signal) => verify(source!, options, signal, stderr))
    })
}

async function verify(at: string, options: Options, signal: AbortSignal, stderr: ProgressStream) {
  const { json, quiet, vkey, state, keep, fresh, witness } = options
  const outcome = await runVerify(at, {
    stateFolder: state,
    keep: keep ?? null,
    fresh: fresh ?? false,
    vkey: vkey ?? null,
    witnesses: witness,
    http: { signal, patience: PATIENCE },
    beginProgress: (entries) => (quiet ? noProgress : showProgress(entries, stderr)),
  }).catch(tellRestoring(json))
  if (!outcome) return
  const { verdict, evidence } = outcome
  for (const warning of verdict.warnings) warn(stderr, warning)
  console.log(json ? safeJson(verdict) : writeVerdict(verdict).join('\n'))
  if (evidence) {
    stderr.write(`What was downloaded lies in ${evidence}: keep it if this is a matter of proof.\n`)
  }
  if (!verdict.ok) process.exitCode = 1
}

const warn = (stderr: ProgressStream, text: string) => stderr.write(`Warning: ${safeText(text)}.\n`)

/** A verdict as any other: the user made no mistake. */
function tellRestoring(json: boolean | undefined) {
  return (error: unknown): null => {
    if (!(error instanceof LogRestoringError)) throw error
    const { message } = error
    console.log(
      json
        ? safeJson({ ok: false, verdict: 'restoring', faults: [message] })
        : `NOT OK: ${message}`,
    )
    process.exitCode = 1
    return null
  }
}

async function checkReceipt(path: string, options: Options, called: string): Promise<void> {
  const known = await readKeptLogs(options.state)
  const { ok, lines } = await verifyReceiptFile(path, {
    opening: options.opening ?? null,
    vkey: options.vkey ?? null,
    witnesses: options.witness,
    known,
    called,
  })
  console.log(options.json ? safeJson({ ok, lines }) : lines.join('\n'))
  if (!ok) process.exitCode = 1
}

/** A witness that can't be checked is refused: a verdict without it would not be the one that was asked for. */
function collectKeys(value: string, before: NoteKey[]): NoteKey[] {
  const key = attempt(() => parseVkey(value))
  if (key instanceof UnknownKeyTypeError) {
    throw new InvalidArgumentError(
      `${key.message}. Compare it with what the witness publishes; if it is right, a newer release may know its type`,
    )
  }
  if (key instanceof MalformedError) throw new InvalidArgumentError(key.message)
  if (key.type !== COSIGNATURE_V1)
    throw new InvalidArgumentError("this is a log's key, not a witness's")
  return [...before, key]
}
