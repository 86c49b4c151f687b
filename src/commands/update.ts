import type { Command } from 'commander'
import { serveUpdate } from '../pages/updates/serve-update.ts'
import { anyUpdatePath, updatePath } from '../petition/paths.ts'
import { type Petition, zoneOf } from '../petition/petition.ts'
import { toIso } from '../platform/i18n/zone.ts'
import { shellWord } from '../platform/terminal/escape-unsafe.ts'
import { readPort } from '../platform/terminal/read-port.ts'
import { beginUpdate } from '../update/begin-update.ts'
import type { UpdateChanges } from '../update/publish-update.ts'
import { readUpdateFolder } from '../update/update-files.ts'
import { asking } from './agree.ts'
import { getPetition, type Open } from './open-site.ts'
import { addMailingCommands } from './update-mail.ts'

const PREVIEW_PORT = 3001

const HELP = `
An update is a folder with one <lang>.md a language, its title between two lines of ---. The folder's name becomes its
address, /p/<slug>/updates/<name>. Publishing shows it on the petition's page and in the feed /p/<slug>/feed.xml, and
mails nobody: "undersigned update mail" does that, once.

Example:
  undersigned update new cop29-baku first-letters
  undersigned update preview cop29-baku first-letters
  undersigned update test cop29-baku first-letters --to me@example.org
  undersigned update publish cop29-baku first-letters
  undersigned update mail cop29-baku first-letters`

export function addUpdateCommands(
  program: Command,
  open: Open,
  untilAskedToStop: () => Promise<void>,
): void {
  const update = program
    .command('update')
    .description('tell readers and subscribers what came of a petition')
    .addHelpText('after', HELP)

  update
    .command('new <slug> <folder>')
    .description('make a folder with an empty template, to write an update in')
    .action((slug: string, folder: string) =>
      open(async ({ petitions }) => {
        const { settings } = await getPetition(petitions, slug)
        await beginUpdate(folder, settings.languages)
        const named = shellWord(folder)
        console.log(
          `Made ${folder}. Write in its files, and delete those of languages that you leave out,`,
        )
        console.log(`though not ${settings.languages[0]}.md. Look at it, then publish it:`)
        console.log(`  undersigned update preview ${slug} ${named}`)
        console.log(`  undersigned update publish ${slug} ${named}`)
      }),
    )

  update
    .command('preview <slug> <folder>')
    .description('show the page and the mail that a folder makes, on this computer only')
    .option('--port <port>', 'where to show it', readPort, PREVIEW_PORT)
    .action((slug: string, folder: string, { port }: { port: number }) =>
      open(async ({ config, petitions }) => {
        const petition = await getPetition(petitions, slug)
        const { name, contents } = await readUpdateFolder(folder, petition, { draft: true })
        const asked = untilAskedToStop()
        const preview = await serveUpdate({ config }, petition, folder, port)
        for (const language of contents.keys()) {
          console.log(`${preview.url}${updatePath(slug, name)(language)}`)
          console.log(`  its mail: ${preview.url}/mail/${language}`)
        }
        console.log('Nothing is published. Ctrl-C stops it.')
        await asked
        await preview.close()
      }),
    )

  update
    .command('publish <slug> <folder>')
    .description("show it on the petition's page and in the feed, or correct it; mails nobody")
    .option('--yes', 'publish it unasked; a script without a terminal is asked nothing, either')
    .action((slug: string, folder: string, { yes = false }: { yes?: boolean }) =>
      open(async ({ config, petitions, updates }, by) => {
        const petition = await getPetition(petitions, slug)
        const files = await readUpdateFolder(folder, petition)
        const agree = asking<UpdateChanges>({
          yes,
          show: (changes) => tell(petition, files.name, changes),
          question: 'Publish it?',
          refused: 'nothing was published',
        })
        const changes = await updates.publish(petition, files, by, agree)
        if (changes === 'nothing to do') {
          console.log(`${files.name} is published as it is: nothing to do.`)
          return
        }
        console.log(`Published ${config.publicUrl}${anyUpdatePath(slug, files.name)}`)
        if (changes.isNew)
          console.log(`Nobody was mailed: undersigned update mail ${slug} ${files.name}`)
      }),
    )

  update
    .command('list <slug>')
    .description('the published updates, the newest first')
    .action((slug: string) =>
      open(async ({ config, petitions, updates }) => {
        const petition = await getPetition(petitions, slug)
        const all = await updates.of(petition)
        for (const { name, publishedAt, texts } of all) {
          const address = `${config.publicUrl}${anyUpdatePath(slug, name)}`
          console.log(
            [name, toIso(publishedAt, zoneOf(petition)), [...texts.keys()].join(','), address].join(
              '\t',
            ),
          )
        }
        if (all.length === 0)
          console.log(`No update yet. Begin one: undersigned update new ${slug} <folder>`)
      }),
    )

  addMailingCommands(update, open)
}

function tell(
  { slug, settings }: Petition,
  name: string,
  { isNew, changed, removed }: UpdateChanges,
): void {
  console.log(isNew ? `A new update of ${slug}, ${name}:` : `What changes in ${name} of ${slug}:`)
  for (const language of changed)
    console.log(`  ${language}: ${isNew ? 'its text' : 'another text'}`)
  for (const language of removed) console.log(`  ! ${language}: its text is taken away`)
  const lacking = settings.languages.filter((each) => isNew && !changed.includes(each))
  if (lacking.length > 0) {
    console.log(`  readers of ${lacking.join(', ')} get the text in ${settings.languages[0]}`)
  }
}
