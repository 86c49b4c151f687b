import { attempt, MalformedError } from '../../log/core/canonical.ts'
import { parseCheckpoint } from '../../log/core/note/checkpoint.ts'
import { verifyEd25519 } from '../../log/core/note/node-ed25519.ts'
import { parseNote } from '../../log/core/note/note.ts'
import { type NoteKey, parseVkey } from '../../log/core/note/note-key.ts'
import { parseTlogProof } from '../../log/core/tlog-proof.ts'
import { type ReceiptProblem, verifyReceipt } from '../../log/core/verify-receipt.ts'
import { safeText } from '../../platform/terminal/escape-unsafe.ts'
import type { KeptLog } from './kept-log.ts'
import { readFileUpTo } from './source/folder-files.ts'
import { VerifyError } from './verify-error.ts'

const MAX_BYTES = 2_000_000

interface ReceiptVerdict {
  ok: boolean
  lines: string[]
}

/**
 * Verifies a receipt without a network.
 *
 * @param options.known logs that earlier runs have verified: their keys are trusted
 * @param options.called the command that verifies, up to the address
 * @throws VerifyError when a file can't be read, or no key is known
 */
export async function verifyReceiptFile(
  path: string,
  options: {
    opening: string | null
    vkey: string | null
    witnesses: NoteKey[]
    known: KeptLog[]
    called: string
  },
): Promise<ReceiptVerdict> {
  const receipt = await read(path)
  const opening = options.opening === null ? null : await read(options.opening)
  const key = chooseKey(receipt, options)
  const trust = { logKeys: [key], witnessKeys: options.witnesses, verify: verifyEd25519 }
  const verified = await verifyReceipt(receipt, trust, opening)
  if (!verified.ok) return { ok: false, lines: [`NOT OK: ${explain(verified.problem)}`] }
  const { entry, index, checkpoint, cosigned } = verified
  const missing = options.witnesses.filter(
    (witness) => !cosigned.some((each) => each.key === witness),
  )
  const lines = [
    entry.kind === 'sign'
      ? `Entry ${index} of the log ${checkpoint.origin} is a signature under ${entry.slug}, of the hour ${entry.hour}.`
      : `Entry ${index} of the log ${checkpoint.origin} is no signature but a "${entry.kind}" entry of ${entry.slug}.`,
    `The proof leads to a checkpoint of ${checkpoint.size.toLocaleString('en')} entries, signed by the log's key.`,
    ...cosigned.map(
      ({ key: by, time }) =>
        `Witness ${by.name} signed it at ${new Date(time! * 1000).toISOString()}.`,
    ),
  ]
  if (verified.opening) {
    const { name, normalisedEmail, textVersion } = verified.opening.fields
    lines.push(
      safeText(
        `The private part opens it: ${name}, ${normalisedEmail}, version ${textVersion} of the text.`,
      ),
    )
  }
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ')
    return { ok: false, lines: [...lines, `NOT OK: not signed by the witness ${names}.`] }
  }
  return {
    ok: true,
    lines: [
      ...lines,
      `OK: the entry is in the log, and nobody can take it out unnoticed. Whether the signature was withdrawn or voided later, only the whole log tells: "${options.called} <site>".`,
    ],
  }
}

async function read(path: string): Promise<Uint8Array> {
  const bytes = await readFileUpTo(path, MAX_BYTES)
  if (!bytes) throw new VerifyError(`${safeText(path)} is not there: check its name`)
  return bytes
}

/** The key that was given, or that of the receipt's log as an earlier run has verified it. */
function chooseKey(
  receipt: Uint8Array,
  { vkey, known, called }: { vkey: string | null; known: KeptLog[]; called: string },
): NoteKey {
  if (vkey) {
    const key = attempt(() => parseVkey(vkey))
    if (key instanceof MalformedError) throw new VerifyError(`--vkey is no key: ${key.message}`)
    return key
  }
  const origin = attempt(
    () => parseCheckpoint(parseNote(parseTlogProof(receipt).checkpoint).text).origin,
  )
  const log = known.find(({ checkpoint }) => checkpoint.origin === origin)
  if (log) return parseVkey(log.vkey)
  if (origin instanceof MalformedError)
    throw new VerifyError(`this is no receipt: ${origin.message}`)
  throw new VerifyError(
    `nothing is known of the log ${safeText(origin)}: verify its site first ("${called} <site>"), or give its key with --vkey`,
  )
}

function explain(problem: ReceiptProblem): string {
  switch (problem) {
    case 'malformed-receipt':
    case 'unknown-entry':
    case 'checkpoint-malformed':
      return 'this is no receipt, or a part of it was changed or is missing.'
    case 'checkpoint-unsigned':
    case 'checkpoint-wrong-origin':
      return 'the receipt is not signed by the key of this log.'
    case 'checkpoint-bad-signature':
      return "the signature on the receipt's checkpoint is wrong: it was changed or made up."
    case 'not-in-the-log':
      return 'the proof does not lead from the entry to the signed checkpoint: it was changed or made up.'
    case 'malformed-opening':
      return 'the private part is malformed: it was changed, or is another file.'
    case 'wrong-opening':
      return 'the private part does not open this entry: it belongs to another one, or was changed.'
  }
}
