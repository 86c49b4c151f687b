import { availableParallelism } from 'node:os'
import { Tinypool } from 'tinypool'
import { threadFile } from '../platform/thread-file.ts'
import type { RecordToSeal, SealOutcome } from './seal-records.worker.ts'

/** Threads go when there was nothing to seal for this long. */
const IDLE_MS = 30_000

export interface SealPool {
  /** Outcomes in the order of the records. */
  seal(records: RecordToSeal[]): Promise<SealOutcome[]>
  close(): Promise<void>
}

/**
 * Threads that seal, started when there is something to seal. One core stays with the process's own
 * loop: sealing must not slow down the forms of signers.
 *
 * @param detailsKey decrypts the details of submissions
 */
export function createSealPool(
  detailsKey: Uint8Array,
  threads = Math.max(1, availableParallelism() - 1),
): SealPool {
  const pool = new Tinypool({
    ...threadFile(import.meta.url, 'seal-records.worker'),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    workerData: { detailsKey },
  })
  return {
    async seal(records) {
      const share = Math.ceil(records.length / threads)
      const shares: RecordToSeal[][] = []
      for (let at = 0; at < records.length; at += share) shares.push(records.slice(at, at + share))
      const outcomes = await Promise.all(
        shares.map((each) => pool.run(each) as Promise<SealOutcome[]>),
      )
      return outcomes.flat()
    },
    close: () => pool.destroy(),
  }
}
