import { type Clock, MINUTE } from '../../platform/clock.ts'
import { attempt, MalformedError } from '../core/canonical.ts'
import { cosignedMessage, parseCosignature } from '../core/note/cosignature.ts'
import { verifyEd25519 } from '../core/note/node-ed25519.ts'
import type { NoteSignature } from '../core/note/note.ts'
import type { NoteKey } from '../core/note/note-key.ts'
import {
  formatAddCheckpoint,
  parseCosignatures,
  parseSizeAnswer,
  SIZE_TYPE,
} from '../core/note/witness-messages.ts'
import type { Witness } from './parse-witnesses.ts'
import { type Posted, postCheckpoint } from './post-checkpoint.ts'

interface Question {
  /** The signed checkpoint, its text, and its size. */
  note: Uint8Array
  text: string
  size: number
  clock: Clock
  sizes: Map<string, number>
  prove(from: number): Promise<Uint8Array[]>
}

type WitnessAnswer = { ok: true; signature: NoteSignature } | { ok: false; why: string }

/** How far a witness's clock and ours may be apart. */
const MAX_APART_MS = 5 * MINUTE

const REASONS: Readonly<Record<number, string>> = {
  400: 'could not read the request',
  403: "does not know the log's key: give its operator the verifier key at /log/vkey",
  404: 'does not watch this log, or is not at this address: give its operator the verifier key',
  413: 'finds the request too long',
  422: 'does not accept the proof that the log only grew',
}

/** Nothing but the root can be wrong with a checkpoint of the size that the witness signed last. */
const SPLIT_VIEW =
  'HAS SIGNED ANOTHER CHECKPOINT OF THIS SIZE: the log has shown two histories; keep both'

/** Asks with the size that the witness answered last, and once more if it now answers another. */
export async function askWitness(
  question: Question,
  witness: Witness,
  signal: AbortSignal,
): Promise<WitnessAnswer> {
  const { size, sizes } = question
  const key = sizeKey(witness.key)
  try {
    // Asked from size 0, a witness that has signed before answers its size.
    const old = Math.min(sizes.get(key) ?? 0, size)
    const first = await ask(question, witness, old, signal)
    const answered = answeredSize(first)
    if (answered === null) return judge(question, witness.key, old, first)
    if (answered > size)
      return refuse(`has signed ${answered} entries, and this checkpoint has ${size}`)
    if (answered === old) return refuse('asks for the size that it was given')
    const second = await ask(question, witness, answered, signal)
    const again = answeredSize(second)
    if (again === null) return judge(question, witness.key, answered, second)
    sizes.set(key, again)
    return refuse('changed its size in the meantime')
  } catch (error) {
    return refuse(describeFailure(error))
  }
}

/** The key of `sizes` for a witness. */
export function sizeKey({ name, keyId }: NoteKey): string {
  return `${name}+${keyId}`
}

async function ask(
  { note, prove }: Question,
  { url }: Witness,
  old: number,
  signal: AbortSignal,
): Promise<Posted> {
  const proof = await prove(old)
  return postCheckpoint(url, formatAddCheckpoint({ old, proof, checkpoint: note }), signal)
}

/** Null unless the answer is that the witness has another size. @throws MalformedError */
function answeredSize({ status, type, body }: Posted): number | null {
  return status === 409 && type === SIZE_TYPE ? parseSizeAnswer(body) : null
}

async function judge(
  question: Question,
  key: NoteKey,
  old: number,
  answer: Posted,
): Promise<WitnessAnswer> {
  if (answer.status !== 200) {
    const { status } = answer
    if (status >= 300 && status < 400) return refuse('redirects, which is not followed')
    // Witnesses of the time before c2sp.org/tlog-witness asked for a 422 here answer 409 without a size.
    if (status === 409 || (status === 422 && old > 0 && old === question.size))
      return refuse(SPLIT_VIEW)
    return refuse(REASONS[status] ?? `answered ${status}`)
  }
  const lines = attempt(() => parseCosignatures(answer.body))
  if (lines instanceof MalformedError) return refuse('answered something else than signatures')
  const own = lines.filter(({ name, keyId }) => name === key.name && keyId === key.keyId)
  if (own.length === 0) return refuse('signed with another key than the one given')
  for (const signature of own) {
    const time = checkCosignature(question.text, signature, key)
    if (time === null) continue
    const apart = Math.abs(time * 1000 - question.clock.now().getTime())
    if (apart > MAX_APART_MS) {
      return refuse(`has a clock that is ${Math.round(apart / MINUTE)} minutes off ours`)
    }
    question.sizes.set(sizeKey(key), question.size)
    return { ok: true, signature }
  }
  return refuse('gave a signature that is none of its key on this checkpoint')
}

/** When the witness signed this text, in seconds since 1970-01-01; null when it didn't. */
function checkCosignature(
  text: string,
  { signature }: NoteSignature,
  { publicKey }: NoteKey,
): number | null {
  const cosignature = attempt(() => parseCosignature(signature))
  if (cosignature instanceof MalformedError) return null
  const { time } = cosignature
  return verifyEd25519(publicKey, cosignedMessage(time, text), cosignature.signature) ? time : null
}

function refuse(why: string): WitnessAnswer {
  return { ok: false, why }
}

function describeFailure(error: unknown): string {
  if (error instanceof MalformedError) return `answered nonsense (${error.message})`
  return `could not be asked: ${(error as Error).message}`
}
