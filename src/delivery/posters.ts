import { createHash } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { Tinypool } from 'tinypool'
import type { Petition } from '../petition/petition.ts'
import { type Clock, SECOND } from '../platform/clock.ts'
import { makeInTurn } from '../platform/make-in-turn.ts'
import { threadFile } from '../platform/thread-file.ts'
import { sharedAt } from '../sharing/shared-at.ts'
import { type PosterKind, posterOf } from './write-poster.ts'
import type { PosterToWrite } from './write-poster.worker.ts'

/** Some 500 posters: all of twenty petitions in twelve languages, so that asking for one after the other makes none twice. */
const BUDGET_BYTES = 16 * 1024 * 1024
/** The thread goes when nobody has asked for so long. */
const IDLE_MS = 30 * SECOND
/** Kept in place of one whose letters no font has, so that it isn't tried again. */
const NONE = Buffer.alloc(0)

interface Needs {
  clock: Clock
  logger: Pick<FastifyBaseLogger, 'warn'>
}

/** Posters and sheets with strips to tear off, written when somebody asks, in a thread, and kept in memory. */
export function createPosters({ clock, logger }: Needs) {
  const made = makeInTurn({ name: 'posters', budget: BUDGET_BYTES, clock, logger })
  const pool = new Tinypool({
    ...threadFile(import.meta.url, 'write-poster.worker'),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
  })
  /**
   * @param site the origin that its square and address lead to
   * @returns a PDF; 'busy' where it can't be made, or not in time; 'none' where no font has a letter of it
   */
  return async (
    petition: Petition,
    { kind, language, site }: { kind: PosterKind; language: string; site: string },
  ): Promise<Buffer | 'busy' | 'none'> => {
    const url = sharedAt(site, petition.slug, { language, code: null })
    const content = posterOf(petition, { language, url })
    const key = createHash('sha256')
      .update(JSON.stringify([kind, content]))
      .digest('base64url')
    const pdf = await made.find(key, async (signal) => {
      const task: PosterToWrite = { kind, content, made: clock.now() }
      // A thread hands over the bytes without their Buffer.
      const written: Uint8Array | null = await pool.run(task, { signal })
      return written ? Buffer.from(written) : NONE
    })
    if (!pdf) return 'busy'
    return pdf.length > 0 ? pdf : 'none'
  }
}
