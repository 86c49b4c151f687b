import type { GeneratedAlways, JSONColumnType } from 'kysely'
import type { Facts } from './note-action.ts'

/** What people have changed. Rows are added and never changed: a trigger refuses it to the tables' owner, too. */
export interface ActionTable {
  id: GeneratedAlways<number>
  at: Date
  /** Where the person acted: `command line`, later `desk`. */
  face: string
  /** Who it was, as that face knows people. */
  person: string
  /** The words of the command, such as `petition close`. */
  what: string
  /** Its slug, since a petition may be deleted; null where the action concerns the whole site. */
  petition: string | null
  before: JSONColumnType<Facts> | null
  after: JSONColumnType<Facts> | null
}
