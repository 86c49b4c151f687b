import type { Agree, Proposal } from '../actions/agreement.ts'
import { ask } from '../platform/terminal/ask.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import { CommandError } from './open-site.ts'

interface Asked<Shown> {
  /** `--yes` was given. */
  yes?: boolean | undefined
  show?: (shown: Shown) => void
  question: string | ((shown: Shown) => string)
  /** What somebody is told who said no. */
  refused?: string
  /** What a script is told that can't be asked and didn't say --yes. */
  unasked?: string | ((shown: Shown) => string)
}

/**
 * How the command line agrees: it shows what would happen and asks on the terminal. A script, which has none, is not
 * asked, and has to say --yes where somebody loses by it.
 * @throws CommandError without a yes
 */
export function asking<Shown extends Proposal>(asked: Asked<Shown>): Agree<Shown> {
  const { yes = false, show, question, refused = 'nothing was done', unasked = UNASKED } = asked
  const inWords = (words: string | ((shown: Shown) => string), shown: Shown) =>
    typeof words === 'string' ? words : words(shown)
  return async (shown) => {
    show?.(shown)
    if (yes) return true
    const answer = await ask(escapeUnsafe(inWords(question, shown)))
    if (answer ?? shown.losses.length === 0) return true
    throw new CommandError(answer === null ? inWords(unasked, shown) : refused)
  }
}

const UNASKED = 'nothing was done: add --yes if that is meant'
