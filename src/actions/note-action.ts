import type { Db } from '../database.ts'
import type { Clock } from '../platform/clock.ts'

/** Whoever acts, as the face through which they act knows them. */
export interface Actor {
  face: 'command line' | 'desk'
  /** Of the command line: system user and host, as in `anna@server`. */
  person: string
}

/** What a verb of a person needs, beside the database: when it happens, and by whom. */
export interface Acting {
  clock: Clock
  by: Actor
}

/** Plain values by name. */
export type Facts = { [name: string]: Fact }
export type Fact = string | number | boolean | null | Fact[] | Facts

export interface NewAction {
  /** The words of the command, such as `petition close`. */
  what: string
  petition: { slug: string } | null
  before?: Facts | null
  after?: Facts | null
}

/**
 * Notes what a person changes, in the transaction that changes it: both happen, or neither.
 *
 * What is noted outlasts every signer who leaves. So `before` and `after` hold numbers, settings and decisions, and
 * nothing of a signer: no name, no address, no comment, nor the id of a signature, which the organisers' list ties
 * to a name. A row that tells when it was decided has the same moment as its action.
 */
export async function noteAction(
  trx: Db,
  { clock, by }: Acting,
  { what, petition, before = null, after = null }: NewAction,
): Promise<void> {
  await trx
    .insertInto('action')
    .values({
      at: clock.now(),
      face: by.face,
      person: by.person,
      what,
      petition: petition?.slug ?? null,
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
    })
    .execute()
}
