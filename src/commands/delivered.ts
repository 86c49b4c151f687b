import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { explainFileError } from '../platform/files/explain-errno.ts'
import type { GivenPicture } from '../publishing/mark-delivered.ts'
import { asking } from './agree.ts'
import { CommandError, type Open } from './open-site.ts'
import { collectWords, type Words } from './stages.ts'

/** Larger ones are refused by src/picture/ with a better message; this keeps memory from being filled. */
const MOST_BYTES = 100_000_000

const HELP = `
Marks a closed petition as handed over; its page says so, and that an answer is awaited. Give the recipient in each of its
languages. Given again, it corrects the mark: what you leave out stays.

No link confirms a signature from then on, so that the count that was handed over stands. Within 24 hours of closing, while
links that were mailed still confirm, it asks whether they end now, and a script needs --yes; the forms are erased.

A picture of it (JPEG, PNG or WebP) is encoded anew, without what the camera noted in it. Say in each language what it
shows, for those who can't see it. Ask those whom it shows before you publish it. One that is replaced, or goes with
--no-picture or --undo, is deleted from the database; who has seen it may have kept it.

Example:
  undersigned petition delivered clean-river --on 2030-05-04 --to en="the city council" --to ru="городской совет" \\
    --picture steps.jpg --alt en="Two people hand over a box" --alt ru="Двое передают коробку"`

interface Given {
  on?: string
  to?: Words
  /** False: `--no-picture`. */
  picture?: string | false
  alt?: Words
  yes?: boolean
  undo?: boolean
}

/** `petition delivered` and `petition answered`. */
export function addDeliveredCommands(petition: Command, open: Open): void {
  petition
    .command('delivered <slug>')
    .description('mark it as handed over to those whom it asks')
    .option('--on <day>', 'the day, such as 2030-05-04')
    .option('--to <lang=recipient>', 'to whom; once a language', collectWords)
    .option('--picture <file>', 'a picture of it')
    .option('--alt <lang=words>', 'what the picture shows; once a language', collectWords)
    .option('--no-picture', 'take the picture off the page, and delete it')
    .option('--undo', 'take the mark back, with its picture')
    .option('--yes', 'end links that still confirm, unasked')
    .addHelpText('after', HELP)
    .action((slug: string, given: Given) =>
      open(async ({ publishing }, by) => {
        const { undo, on, to, yes } = given
        if (undo) {
          await publishing.unmark(slug, by, 'delivered')
          console.log(`${slug} is not marked as delivered any more.`)
          return
        }
        const picture = await readGiven(given)
        if (!on && !to && picture === undefined)
          throw new CommandError(
            'say when and to whom: see "undersigned petition delivered --help"',
          )
        const mark = {
          ...(on && { on }),
          ...(to && { to }),
          ...(picture !== undefined && { picture }),
        }
        const agree = asking({
          yes,
          question: ({ losses: [open] }) =>
            `${open}. Mark it as delivered, end these links now and erase their forms?`,
          unasked: ({ losses: [open] }) =>
            `${open}: mark it as delivered from then on, or add --yes to end these links now and erase their forms`,
        })
        const small = await publishing.markDelivered(slug, by, mark, agree)
        if (small) console.log(small)
        console.log(`${slug} is marked as delivered${on ? ` on ${on}` : ''}; its page says so.`)
        console.log(`Once there is an answer: undersigned petition answered ${slug} --on <day>`)
      }),
    )

  petition
    .command('answered <slug>')
    .description('mark a delivered petition as answered')
    .option('--on <day>', 'the day of the answer, such as 2030-06-01')
    .option('--url <address>', 'where the answer can be read')
    .option('--undo', 'take the mark back')
    .action((slug: string, { on, url, undo }: { on?: string; url?: string; undo?: boolean }) =>
      open(async ({ publishing }, by) => {
        if (undo) {
          await publishing.unmark(slug, by, 'answered')
          console.log(`${slug} is not marked as answered any more.`)
          return
        }
        if (!on) throw new CommandError('say when it was answered: --on 2030-06-01')
        await publishing.markAnswered(slug, by, { on, url: url ?? null })
        console.log(`${slug} was answered on ${on}.`)
      }),
    )
}

/** @returns null to take it off; undefined to leave it. @throws CommandError */
async function readGiven({ picture, alt }: Given): Promise<GivenPicture | null | undefined> {
  if (alt && !picture) throw new CommandError('--alt says what a picture shows: add --picture')
  if (picture === undefined) return undefined
  if (picture === false) return null
  const name = basename(picture)
  try {
    const file = await stat(picture)
    if (!file.isFile() || file.size > MOST_BYTES) {
      throw new CommandError(`${name} is no picture file: give a JPEG, PNG or WebP`)
    }
    return { name, bytes: await readFile(picture), alt: alt ?? {} }
  } catch (error) {
    const why = explainFileError(name, 'read', error)
    throw why ? new CommandError(`${why}; nothing was changed`) : error
  }
}
