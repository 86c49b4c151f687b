import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../database.ts'
import { MINUTE } from '../platform/clock.ts'
import { repeat } from '../platform/jobs/repeat.ts'
import { raiseMark } from './database-mark.ts'
import { keepMark, readKeptMark } from './kept-mark.ts'

/** A backup put back within this time of the moment it was made is not told by the count. */
const RAISE_EVERY_MS = MINUTE

/**
 * Raises the mark in the database, then in this node's file: a crash between the two leaves the database
 * ahead, which tells of nothing. A database that was put back keeps its mark.
 */
export async function raiseOnce(db: Db, folder: string): Promise<void> {
  const count = await raiseMark(db, await readKeptMark(folder))
  if (count !== null) await keepMark(folder, count)
}

/** For as long as a worker runs. */
export function keepRaising(
  { db, log }: { db: Db; log: FastifyBaseLogger },
  folder: string,
): { stop(): Promise<void> } {
  return repeat({
    every: RAISE_EVERY_MS,
    work: () => raiseOnce(db, folder),
    onError: (error) => log.warn({ err: error }, 'the mark of the database could not be raised'),
  })
}
