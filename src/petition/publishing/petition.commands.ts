import type { Command } from 'commander'
import { CommandError, type Open } from '../../command.ts'
import { petitionState } from '../petition.ts'
import { closePetition } from './close-petition.ts'
import { publishFolder } from './publish-folder.ts'

export function addPetitionCommands(program: Command, open: Open): void {
  const petition = program.command('petition').description('publish, list and close petitions')

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
          console.log('No petition yet. Make one: undersigned petition publish <folder>')
        }
        for (const each of petitions) {
          const { counted } = await services.counts(each.id)
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
}

export const noSuchPetition = (slug: string) =>
  new CommandError(
    `there is no petition "${slug}": "undersigned petition list" shows those there are`,
  )
