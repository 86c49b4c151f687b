import type { Command } from 'commander'
import { noCount } from '../count/read-counts.ts'
import { servePreview } from '../pages/petition/serve-preview.ts'
import { beginFolder } from '../petition/files/begin-folder.ts'
import { readPetitionFolder } from '../petition/files/petition-files.ts'
import { anyLanguagePath } from '../petition/paths.ts'
import { petitionState } from '../petition/petition.ts'
import { shellWord } from '../platform/terminal/escape-unsafe.ts'
import { readPort } from '../platform/terminal/read-port.ts'
import { addClosingCommands } from './closing.ts'
import { addDeliveredCommands } from './delivered.ts'
import type { Open } from './open-site.ts'
import { addPreviewLinkCommand } from './preview-link.ts'
import { addPublishCommand } from './publish.ts'
import { addStageCommands } from './stages.ts'

const PREVIEW_PORT = 3001

const NEW_HELP = `
Languages are codes such as en or fr, between commas, the petition's default first. A language that the
site doesn't speak gets its file all the same, and waits until the site does.

Example:
  undersigned petition new clean-river --languages en,ru`

const PREVIEW_HELP = `
Nothing is published, and no database is used. The files are read again for every request: change them,
then reload the page.`

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

  petition
    .command('preview <folder>')
    .description('show the page that a folder makes, on this computer only')
    .option('--port <port>', 'where to show it', readPort, PREVIEW_PORT)
    .addHelpText('after', PREVIEW_HELP)
    .action(async (folder: string, { port }: { port: number }) => {
      // Faults in the files are told here at first, later on the page.
      const { slug, settings } = await readPetitionFolder(folder, { draft: true })
      const asked = untilAskedToStop()
      const preview = await servePreview(folder, port)
      for (const language of settings.languages) {
        console.log(`${preview.url}/${language}/p/${slug}`)
      }
      console.log('Nothing is published. Ctrl-C stops it.')
      await asked
      await preview.close()
    })

  addPublishCommand(petition, open)
  addPreviewLinkCommand(petition, open)

  petition
    .command('list')
    .description('every petition with its state, count and address')
    .action(() =>
      open(async ({ config, clock, petitions, counts }) => {
        const all = await petitions.all()
        if (all.length === 0) {
          console.log('No petition yet. Begin one: undersigned petition new <folder>')
        }
        const shown = await counts.all()
        for (const each of all) {
          const { counted } = shown.get(each.id) ?? noCount()
          const stage = each.tagKey ? petitionState(each, clock) : 'archived'
          const state = each.hiddenAt ? `${stage}, hidden` : stage
          const address = `${config.publicUrl}${anyLanguagePath(each.slug)}`
          console.log(`${each.slug}\t${state}\t${counted}\t${address}`)
        }
      }),
    )

  addStageCommands(petition, open)
  addDeliveredCommands(petition, open)
  addClosingCommands(petition, open)
}
