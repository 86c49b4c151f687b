import type { ListedRecord } from './open-records.worker.ts'

/** A share of the list at a time. */
export type Records = AsyncIterable<ListedRecord[]>
