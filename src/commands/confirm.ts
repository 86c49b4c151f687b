import { ask } from '../platform/terminal/ask.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import { OpenLinksError } from '../signature/open-links.ts'
import { CommandError } from './open-site.ts'

/**
 * What every command does that asks: a terminal is asked; a script says --yes. Where nothing was done the command ends
 * with 1, so that no script takes that for success.
 *
 * @param unasked what a script without --yes is told
 * @throws CommandError unless it is agreed to
 */
export async function confirm(
  yes: boolean | undefined,
  question: string,
  unasked = 'nothing was done: add --yes if that is meant',
): Promise<void> {
  if (yes) return
  const answer = await ask(escapeUnsafe(question))
  if (!answer) throw new CommandError(answer === null ? unasked : 'nothing was done')
}

/** Does it; while links still confirm, only if that is agreed to. */
export async function despiteOpenLinks<Result>(
  { yes = false, question }: { yes?: boolean | undefined; question: string },
  work: (despite: boolean) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(yes)
  } catch (error) {
    if (!(error instanceof OpenLinksError)) throw error
    await confirm(yes, `${error.said}. ${question}`, error.message)
    return work(true)
  }
}
