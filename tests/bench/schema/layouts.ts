/** How else the table of signatures could lie on the disk. */
export interface Layout {
  name: string
  /** Percent of a page that inserts fill; the rest is for the next versions of its rows. */
  fillfactor?: number
  /**
   * Hash partitions by tag. Not by id: the tag would have no unique index then, and a second signature
   * of the same address would be told by nothing.
   */
  partitions?: number
  /** Whoever leaves "pending" is in no index by its state then: the update can stay in its page. */
  withoutPendingIndex?: boolean
  tagBytes?: number
}

export const AS_MIGRATED: Layout = { name: 'as migrated' }

/** As long as `emailTag` makes them. */
export const TAG_BYTES = 16
/**
 * With the petition's id the longest that takes 8 bytes less of a page of the index. Leaving the
 * petition out takes none: an index entry is filled up to the next 8.
 */
const SHORT_TAG_BYTES = 11

export const CANDIDATES: Layout[] = [
  { name: 'fillfactor 70', fillfactor: 70 },
  { name: 'fillfactor 50', fillfactor: 50 },
  { name: 'fillfactor 70, no index of pending', fillfactor: 70, withoutPendingIndex: true },
  { name: 'fillfactor 50, no index of pending', fillfactor: 50, withoutPendingIndex: true },
  { name: '16 partitions by tag', partitions: 16 },
  { name: '64 partitions by tag', partitions: 64 },
  { name: `tags of ${SHORT_TAG_BYTES} bytes`, tagBytes: SHORT_TAG_BYTES },
]
