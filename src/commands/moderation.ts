import { type Command, InvalidArgumentError } from 'commander'
import type { Moderated } from '../signature/shown/moderate.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

/** Five times what the page shows. */
const NEWEST_NAMES = 100

const STATES_OF_NAMES = { waiting: 'waiting', approved: 'shown', refused: 'hidden' } as const

export function addCommentCommands(program: Command, open: Open): void {
  const comment = program.command('comment').description('read comments before the page shows them')

  comment
    .command('list <slug>')
    .description('comments that wait, oldest first')
    .action((slug: string) =>
      open(async ({ petitions, signatures }) => {
        const petition = await getPetition(petitions, slug)
        const waiting = await signatures.listWaitingComments(petition)
        if (waiting.length === 0) console.log('No comment is waiting.')
        for (const { id, name, country, text } of waiting) {
          console.log(
            `${id}\t${name ?? '(name hidden)'}, ${country}\t${text.replaceAll('\n', ' / ')}`,
          )
        }
      }),
    )

  addDecisions(comment, open, 'comment', {
    approve: { decision: 'approved', told: 'approved', does: 'show comments on the page' },
    refuse: { decision: 'refused', told: 'refused', does: 'keep comments off the page' },
  })
}

export function addNameCommands(program: Command, open: Open): void {
  const name = program.command('name').description('take public names off the page, or show them')

  name
    .command('list <slug>')
    .description('names that wait to be shown, oldest first; then the newest of the others')
    .option('--newest <number>', 'how many of the others', parseCount, NEWEST_NAMES)
    .action((slug: string, { newest }: { newest: number }) =>
      open(async ({ petitions, signatures }) => {
        const petition = await getPetition(petitions, slug)
        const names = await signatures.listNamesToModerate(petition, { newest })
        if (names.length === 0) console.log('Nobody is named in public.')
        for (const { id, state, name, country } of names) {
          console.log(`${id}\t${STATES_OF_NAMES[state]}\t${name}, ${country}`)
        }
      }),
    )

  addDecisions(name, open, 'public_name', {
    show: { decision: 'approved', told: 'shown', does: 'show names on the page' },
    hide: {
      decision: 'refused',
      told: 'hidden',
      does: 'keep names off the page; their signatures count',
    },
  })
}

interface Verb {
  decision: 'approved' | 'refused'
  told: string
  does: string
}

function addDecisions(
  command: Command,
  open: Open,
  moderated: Moderated,
  verbs: Record<string, Verb>,
): void {
  for (const [verb, { decision, told, does }] of Object.entries(verbs)) {
    command
      .command(`${verb} <id...>`)
      .description(does)
      .action((ids: string[]) =>
        open(async ({ signatures }, by) => {
          for (const id of ids) {
            if (!(await signatures.moderate(moderated, id, decision, by))) {
              throw new CommandError(
                `there is no ${command.name()} ${id}: its signer may have withdrawn`,
              )
            }
            console.log(`${id} ${told}`)
          }
        }),
      )
  }
}

function parseCount(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.')
  return Number(text)
}
