import type { Command } from 'commander'
import { CommandError, type Open } from '../../command.ts'
import { noSuchPetition } from '../../petition/no-such-petition.ts'
import { decideComment, listWaitingComments } from './moderate-comments.ts'

export function addCommentCommands(program: Command, open: Open): void {
  const comment = program.command('comment').description('read comments before the page shows them')

  comment
    .command('list <slug>')
    .description('comments that wait, oldest first')
    .action((slug: string) =>
      open(async ({ db, keyring, petitions }) => {
        const petition = await petitions.find(slug)
        if (!petition) throw noSuchPetition(slug)
        const waiting = await listWaitingComments(db, keyring, petition.id)
        if (waiting.length === 0) console.log('No comment is waiting.')
        for (const { id, name, country, text } of waiting) {
          console.log(
            `${id}\t${name ?? '(name hidden)'}, ${country}\t${text.replaceAll('\n', ' / ')}`,
          )
        }
      }),
    )

  for (const [verb, decision] of [
    ['approve', 'approved'],
    ['refuse', 'refused'],
  ] as const) {
    comment
      .command(`${verb} <id...>`)
      .description(verb === 'approve' ? 'show comments on the page' : 'keep comments off the page')
      .action((ids: string[]) =>
        open(async ({ db, clock }) => {
          for (const id of ids) {
            if (!(await decideComment(db, clock, id, decision))) {
              throw new CommandError(`there is no comment ${id}: its signer may have withdrawn`)
            }
            console.log(`${id} ${decision}`)
          }
        }),
      )
  }
}
