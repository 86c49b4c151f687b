import type { ListState } from './list-state.ts'
import type { Key } from './read-identity.ts'
import type { Session } from './session.ts'
import type { ChoiceFault } from './view/choose-files.ts'
import type { Progress, Refusal } from './view/show-opening.ts'
import type { SubscriberList } from './view/show-subscribers.ts'

/** Handed to everything that shows or asks: no module keeps a key or a record of its own. */
export interface Page {
  held: Held
}

/** Everything of keys and records that the page holds. `forgetEverything` puts an empty one in its place. */
export interface Held {
  exportFile: File | null
  identityFile: { name: string; key: Key | 'unreadable' } | null
  faults: ChoiceFault[]
  /** The name of a dropped file that is neither an export nor a key. */
  stranger: string | null
  /** The opening that is under way. */
  session: Session | null
  progress: Progress
  refusal: { refusal: Refusal; answer(goOn: boolean): void } | null
  list: ListState | null
  /** Which of `list.matching` the dialog shows. */
  record: number | null
  subscribers: SubscriberList | null
  /** The file that is being made: the list may be closed, or another asked for, before it is ready. */
  making: symbol | null
  /** The name of the file that was saved from the list. */
  savedAs: string | null
  /** The address under which the browser takes a file over. */
  address: string | null
}

export const createPage = (): Page => ({ held: holdNothing() })

export const holdNothing = (): Held => ({
  exportFile: null,
  identityFile: null,
  faults: [],
  stranger: null,
  session: null,
  progress: { step: 'reading', done: null, total: 0, announced: 0 },
  refusal: null,
  list: null,
  record: null,
  subscribers: null,
  making: null,
  savedAs: null,
  address: null,
})
