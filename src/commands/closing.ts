import type { Command } from 'commander'
import type {
  ArchiveOutcome,
  CloseOutcome,
  DeleteOutcome,
  ReopenOutcome,
} from '../publishing/end-petition.ts'
import { asking } from './agree.ts'
import { CommandError, noSuchPetition, type Open } from './open-site.ts'

type Refusals<Outcome extends string> = Partial<Record<Outcome, (slug: string) => CommandError>>
type Given = { yes?: boolean }

export function addClosingCommands(petition: Command, open: Open): void {
  petition
    .command('close <slug>')
    .description('take no more signatures; mails under way may still be confirmed for 24 hours')
    .option('--yes', 'close it unasked; a script without a terminal is not asked either')
    .action((slug: string, { yes }: Given) =>
      open(async ({ publishing }, by) => {
        const question = `Close ${slug}, so that nobody can sign any more?`
        const agree = asking({ yes, question, refused: `${slug} was not closed` })
        refuse(await publishing.close(slug, by, agree), NOT_CLOSED, slug)
        console.log(`${slug} is closed. Pending signatures may be confirmed for 24 hours more.`)
        console.log(`To take signatures again: undersigned petition reopen ${slug}`)
      }),
    )

  petition
    .command('reopen <slug>')
    .description('take signatures again, after "close"; not once it is archived')
    .action((slug: string) =>
      open(async ({ publishing }, by) => {
        refuse(await publishing.reopen(slug, by), NOT_REOPENED, slug)
        console.log(`${slug} takes signatures again.`)
      }),
    )

  petition
    .command('archive <slug>')
    .description('destroy the key that ties a closed petition to addresses; there is no way back')
    .option('--yes', 'do it unasked')
    .addHelpText('after', ARCHIVE_HELP)
    .action((slug: string, { yes }: Given) =>
      open(async ({ publishing }, by) => {
        const question = `Archive ${slug} for good?`
        const agree = asking({ yes, question, unasked: NOT_YET_ARCHIVED })
        refuse(await publishing.archive(slug, by, agree), NOT_ARCHIVED, slug)
        console.log(`${slug} is archived: nothing on this server ties it to an address any more.`)
        console.log('Backups hold the key until they are deleted themselves.')
      }),
    )

  petition
    .command('delete <slug>')
    .description('delete a petition that nobody signed; there is no way back')
    .option('--yes', 'do it unasked')
    .action((slug: string, { yes }: Given) =>
      open(async ({ publishing }, by) => {
        const question = `Delete ${slug}, with its texts and links?`
        const agree = asking({ yes, question, unasked: NOT_YET_DELETED })
        refuse(await publishing.delete(slug, by, agree), NOT_DELETED, slug)
        console.log(
          `${slug} is deleted, and links to it say so. Hashes of its texts stay in the public log.`,
        )
      }),
    )
}

function refuse<Outcome extends string>(
  outcome: Outcome,
  refusals: Refusals<Outcome>,
  slug: string,
): void {
  const refusal = refusals[outcome]
  if (refusal) throw refusal(slug)
}

const ARCHIVE_HELP = `
The petition can't be opened again and leaves the home page; its page, its count, the public names and the
sealed records stay. Submissions that were never confirmed are erased. Links to withdraw that were mailed
before still work; nobody can ask for a new one. Export the sealed records first.`

const NOT_YET_ARCHIVED =
  'archiving destroys a key for good, and nobody can be mailed a link to withdraw after it: read "undersigned petition archive --help", then add --yes'

const NOT_YET_DELETED = 'deleting has no way back: add --yes if that is meant'

const NOT_CLOSED: Refusals<CloseOutcome> = { 'no such petition': noSuchPetition }

const NOT_REOPENED: Refusals<ReopenOutcome> = {
  'no such petition': noSuchPetition,
  archived: (slug) =>
    new CommandError(`${slug} is archived: it can't be opened again, begin a new petition instead`),
  delivered: (slug) =>
    new CommandError(
      `${slug} is marked as delivered, so its count must stand: take the mark back with "undersigned petition delivered ${slug} --undo" if that was a mistake`,
    ),
  'not closed': (slug) => new CommandError(`${slug} is not closed: nothing to do`),
  'closed by its day': (slug) =>
    new CommandError(
      `${slug} is closed by the day that "closes" in its petition.yaml says: move that and publish its folder`,
    ),
}

const NOT_ARCHIVED: Refusals<ArchiveOutcome> = {
  'no such petition': noSuchPetition,
  'already archived': (slug) => new CommandError(`${slug} is archived already: nothing to do`),
  'not closed': (slug) =>
    new CommandError(
      `${slug} is open, or closed for less than a day: close it with "undersigned petition close ${slug}" and wait 24 hours for mails under way`,
    ),
  'not sealed': (slug) =>
    new CommandError(
      `${slug} has signatures that are not sealed yet: let the site run until they are, then archive it`,
    ),
}

const NOT_DELETED: Refusals<DeleteOutcome> = {
  'no such petition': noSuchPetition,
  signed: (slug) =>
    new CommandError(
      `${slug} was signed, so it can't be deleted: close it with "undersigned petition close ${slug}", and archive it a day later`,
    ),
  waiting: (slug) =>
    new CommandError(
      `${slug} waits for people who were mailed a link to confirm: close it and wait 24 hours, then delete it`,
    ),
}
