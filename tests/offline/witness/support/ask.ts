import { formatAddCheckpoint } from '../../../../src/log/core/note/witness-messages.ts'
import { postCheckpoint } from '../../../../src/log/witnesses/post-checkpoint.ts'
import type { GrowingLog } from './growing-log.ts'

export interface Answer {
  status: number
  type: string
  text: string
}

export async function post(url: string, request: Uint8Array | string): Promise<Answer> {
  const { status, type, body } = await postCheckpoint(url, Buffer.from(request))
  return { status, type, text: Buffer.from(body).toString() }
}

/** Asks to cosign the log at size `to`, as its operator does. */
export async function ask(
  url: string,
  log: GrowingLog,
  from: number,
  to: number,
  { proof, checkpoint }: { proof?: Uint8Array[]; checkpoint?: Uint8Array } = {},
): Promise<Answer> {
  const request = formatAddCheckpoint({
    old: from,
    proof: proof ?? (await log.prove(from, to)),
    checkpoint: checkpoint ?? log.checkpoint(to),
  })
  return post(url, request)
}

/** What the witness has cosigned last. */
export async function sizeOf(url: string, log: GrowingLog): Promise<number> {
  const impossible = log.size
  const { status, text } = await ask(url, log, impossible, impossible, { proof: [] })
  return status === 409 && /^\d+\n$/.test(text) ? Number(text) : impossible
}
