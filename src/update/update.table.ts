import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { UpdateContent } from './update-files.ts'

/** What the organisers tell about a petition after its publishing. */
export interface PetitionUpdateTable {
  id: GeneratedAlways<number>
  petition_id: number
  /** In its address; one of a kind in its petition. */
  name: string
  published_at: Date
  updated_at: Date
}

export interface UpdateTextTable {
  update_id: number
  language: string
  content: JSONColumnType<UpdateContent>
}

/** `skipped`: of a milestone that was long past, or one too many in its week. */
export type BroadcastState = 'sending' | 'paused' | 'cancelled' | 'done' | 'skipped'

/** The mails to a petition's subscribers about an update or a milestone. */
export interface BroadcastTable {
  id: GeneratedAlways<number>
  petition_id: number
  /** Null of a milestone. */
  update_id: number | null
  milestone: number | null
  state: BroadcastState
  per_minute: number
  begun_at: Date
  ended_at: Date | null
  /** Subscribers when it began. */
  total: number
  sent: Generated<number>
  /** The mail server said for good that the mailbox takes no mail. */
  refused: Generated<number>
  given_up: Generated<number>
  /** Sent again, since nobody had noted what became of the first. */
  repeated: Generated<number>
}

/** A mail of a broadcast that has no outcome yet: the row goes with it, and with the subscriber. */
export interface BroadcastMailTable {
  broadcast_id: number
  subscriber_id: string
  due_at: Date | null
  /** Since when answers to it may have meant its mailbox. */
  doubted_at: Date | null
  tries: Generated<number>
  under_way: Generated<boolean>
}
