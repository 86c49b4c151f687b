import type { Command } from 'commander'
import { noCount } from '../count/read-counts.ts'
import { beginFolder } from '../petition/files/begin-folder.ts'
import { petitionState } from '../petition/petition.ts'
import { shellWord } from '../platform/terminal/shell-word.ts'
import { addClosingCommands } from './closing.ts'
import type { Open } from './open-site.ts'
import { addPreviewCommand } from './preview.ts'
import { addPublishCommand } from './publish.ts'

const NEW_HELP = `
Languages are codes such as en or fr, between commas, the petition's default first. A language that the
site doesn't speak gets its file all the same, and waits until the site does.

Example:
  undersigned petition new clean-river --languages en,ru`

export function addPetitionCommands(
  program: Command,
  open: Open,
  untilAskedToStop: () => Promise<void>,
): void {
  const petition = program
    .command('petition')
    .description('write, publish, list and close petitions')

  petition
    .command('new <folder>')
    .description('make a folder with an empty template, to write a petition in')
    .option('--languages <codes>', 'the languages it is to be in', 'en')
    .addHelpText('after', NEW_HELP)
    .action(async (folder: string, { languages }: { languages: string }) => {
      const codes = languages.split(/[\s,]+/).filter((code) => code !== '')
      const { slug, unspoken } = await beginFolder(folder, codes)
      console.log(`Made ${folder}, for the address /p/${slug}. Write your petition in its files,`)
      console.log('in place of every FILL-IN. See what it looks like, then publish it:')
      console.log(`  undersigned petition preview ${shellWord(folder)}`)
      console.log(`  undersigned petition publish ${shellWord(folder)}`)
      for (const language of unspoken) {
        console.log(
          `${language}.md waits: this site doesn't speak ${language} until it has views/locales/${language}.json (see CONTRIBUTING.md).`,
        )
      }
    })

  addPreviewCommand(petition, untilAskedToStop)
  addPublishCommand(petition, open)

  petition
    .command('list')
    .description('every petition with its state, count and address')
    .action(() =>
      open(async (site) => {
        const petitions = await site.petitions.all()
        if (petitions.length === 0) {
          console.log('No petition yet. Begin one: undersigned petition new <folder>')
        }
        const counts = await site.counts.all()
        for (const each of petitions) {
          const { counted } = counts.get(each.id) ?? noCount()
          const state = each.tagKey ? petitionState(each, site.clock) : 'archived'
          const address = `${site.config.publicUrl}/p/${each.slug}`
          console.log(`${each.slug}\t${state}\t${counted}\t${address}`)
        }
      }),
    )

  addClosingCommands(petition, open)
}
