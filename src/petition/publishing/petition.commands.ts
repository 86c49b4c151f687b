import type { Command } from 'commander'
import { CommandError, type Open } from '../../command.ts'
import { noCount, readCounts } from '../../tally/read-counts.ts'
import { noSuchPetition } from '../no-such-petition.ts'
import { petitionState } from '../petition.ts'

import { type ArchiveOutcome, archivePetition } from './archive-petition.ts'

import { beginFolder } from './begin-folder.ts'

import { closePetition } from './close-petition.ts'
import { publishFolder } from './publish-folder.ts'

export function addPetitionCommands(program: Command, open: Open): void {
  const petition = program
    .command('petition')
    .description('begin, publish, list and close petitions')

  petition
    .command('new <folder>')
    .description('make a folder to begin from: a copy of the demonstration under its own name')
    .action(async (folder: string) => {
      const slug = await beginFolder(folder)
      console.log(
        `Made ${folder}, for the address /p/${slug}. Write your petition in its files, then:`,
      )
      console.log(`  undersigned petition publish ${folder}`)
    })

  petition
    .command('publish <folder>')
    .description('create or update a petition from petition.yaml and one <lang>.md a language')
    .action((folder: string) =>
      open(async (services) => {
        const { slug, created, versions, unsubscribed } = await publishFolder(services, folder)
        const site = services.config.publicUrl
        console.log(`${created ? 'Published' : 'Updated'} ${site}/p/${slug}`)
        for (const { language, version } of versions) {
          console.log(`  ${language}: version ${version} of the text`)
        }
        if (versions.length === 0) console.log('  the text is unchanged')
        if (unsubscribed > 0) {
          console.log(`  updates: the list is off, ${unsubscribed} addresses on it are erased`)
        }
      }),
    )

  petition
    .command('list')
    .description('every petition with its state, count and address')
    .action(() =>
      open(async (services) => {
        const petitions = await services.petitions.all()
        if (petitions.length === 0) {
          console.log('No petition yet. Begin one: undersigned petition new <folder>')
        }
        const counts = await readCounts(services.db)
        for (const each of petitions) {
          const { counted } = counts.get(each.id) ?? noCount()
          const state = petitionState(each, services.clock)
          const address = `${services.config.publicUrl}/p/${each.slug}`
          console.log(`${each.slug}\t${state}\t${counted}\t${address}`)
        }
      }),
    )

  petition
    .command('close <slug>')
    .description('take no more signatures; mails under way may still be confirmed for 24 hours')
    .action((slug: string) =>
      open(async (services) => {
        if (!(await closePetition(services, slug))) throw noSuchPetition(slug)
        console.log(`${slug} is closed. Pending signatures may be confirmed for 24 hours more.`)
      }),
    )

  petition
    .command('archive <slug>')
    .description('destroy the key that ties a closed petition to addresses; there is no way back')
    .option('--yes', 'do it; without this it only says what would happen')
    .addHelpText('after', ARCHIVE_HELP)
    .action((slug: string, { yes }: { yes?: boolean }) =>
      open(async (services) => {
        if (!yes) throw new CommandError(NOT_YET_ARCHIVED)
        const refusal = refusals[await archivePetition(services, slug)]
        if (refusal) throw refusal(slug)
        console.log(`${slug} is archived: nothing on this server ties it to an address any more.`)
        console.log('Backups hold the key until they are deleted themselves.')
      }),
    )
}

const ARCHIVE_HELP = `
Erases what was never confirmed. The count, the text, the public names and the sealed records stay;
links to withdraw that were mailed before still work, new ones can't be asked for. Export the sealed
records first.`

const NOT_YET_ARCHIVED =
  'archiving destroys a key for good, and nobody can be mailed a link to withdraw after it: read "undersigned petition archive --help", then add --yes'

const refusals: Record<ArchiveOutcome, ((slug: string) => CommandError) | null> = {
  archived: null,
  'no such petition': (slug) => noSuchPetition(slug),
  'already archived': (slug) => new CommandError(`${slug} is archived already: nothing to do`),
  'not closed': (slug) =>
    new CommandError(
      `${slug} is open, or closed for less than a day: close it with "undersigned petition close ${slug}" and wait 24 hours for mails under way`,
    ),
  'not sealed': (slug) =>
    new CommandError(
      `${slug} has signatures that are not sealed yet: keep a worker running until they are, then archive it`,
    ),
}
