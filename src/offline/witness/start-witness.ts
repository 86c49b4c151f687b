import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encodeUtf8 } from '../../log/core/canonical.ts'
import { formatNote, type Note, parseNote } from '../../log/core/note/note.ts'
import { formatVkey } from '../../log/core/note/note-key.ts'
import { addSignatures, cosign } from '../../log/core/note/sign-note.ts'
import { toHex } from '../../platform/bytes.ts'
import { type Clock, SECOND } from '../../platform/clock.ts'
import { sha256 } from '../../platform/sha256.ts'
import { type Cosigning, createAddCheckpoint } from './add-checkpoint.ts'
import { holdState } from './hold-state.ts'
import { openWitness, originOf, type WitnessFiles } from './open-witness.ts'
import { serveWitness } from './serve-witness.ts'
import { WitnessError } from './witness-error.ts'
import { latestOf } from './witness-state.ts'

/** Then requests under way are cut off: their checkpoints are durable or were never signed. */
const STOP_PATIENCE_MS = 5 * SECOND

export interface WitnessOptions extends WitnessFiles {
  host: string
  /** 0 for any. */
  port: number
  clock: Clock
  onSplitView: Cosigning['onSplitView']
}

export interface RunningWitness {
  vkey: string
  url: string
  /** The watched logs, and the size of each that was cosigned before this start. */
  logs: { origin: string; size: number }[]
  /** Rejects when the witness can't go on; it signs nothing after that. */
  failed: Promise<never>
  stop(): Promise<void>
}

/** @throws WitnessError */
export async function startWitness(options: WitnessOptions): Promise<RunningWitness> {
  const letGo = await holdState(options.stateFile)
  try {
    const { signer, file } = await openWitness(options)
    const vkey = formatVkey(signer.key)
    const watched = new Set(options.logs.map(originOf))
    const logs = file
      .state()
      .logs.filter(({ origin }) => watched.has(origin))
      .map((log) => ({ origin: log.origin, size: latestOf(log).size }))
    const cosigning: Cosigning = { ...options, signer, file, watched, cosigned: new Map() }
    let fail: (error: unknown) => void = () => {}
    const failed = new Promise<never>((_, reject) => {
      fail = reject
    })
    // Unawaited, it must not end the process: each request still gets a 500.
    failed.catch(() => {})
    const server = serveWitness(
      {
        vkey,
        addCheckpoint: createAddCheckpoint(cosigning),
        checkpoint: (originHash) => showCosigned(cosigning, originHash),
      },
      fail,
    )
    const url = await listen(server, options)
    const stop = async () => {
      await close(server)
      await letGo()
    }
    return { vkey, url, logs, failed, stop }
  } catch (error) {
    await letGo()
    throw error
  }
}

async function listen(server: Server, { host, port }: WitnessOptions): Promise<string> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    throw new WitnessError(
      `nothing can listen on ${host}, port ${port} (${(error as NodeJS.ErrnoException).code}): choose another --port or --host`,
      { cause: error },
    )
  }
  const { port: bound } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  const patience = setTimeout(() => server.closeAllConnections(), STOP_PATIENCE_MS)
  await closed
  clearTimeout(patience)
}

/** The last cosigned checkpoint of each log, by origin, with the cosignature. */
export type Cosigned = Map<string, Note>

/**
 * For monitors of a log, which compare the checkpoints that its witnesses saw (c2sp.org/tlog-witness, "Monitor Retrieval
 * Mechanism"). The state keeps no cosignature: after a start the same checkpoint is signed anew, since it
 * is still the largest that was seen.
 *
 * @param originHash SHA-256 of the log's origin, in lower-case hex
 * @returns null for a log that isn't watched, or was never cosigned
 */
function showCosigned(
  { signer, file, watched, clock, cosigned }: Cosigning,
  originHash: string,
): Uint8Array | null {
  const log = file
    .state()
    .logs.filter(({ origin }) => watched.has(origin))
    .find(({ origin }) => toHex(sha256(encodeUtf8(origin))) === originHash)
  if (!log?.checkpoint) return null
  const known = cosigned?.get(log.origin)
  if (known) return formatNote(known)
  const note = parseNote(encodeUtf8(log.checkpoint))
  const seconds = Math.floor(clock.now().getTime() / 1000)
  const made = addSignatures(note, [cosign(note.text, signer, seconds)])
  cosigned?.set(log.origin, made)
  return formatNote(made)
}
