import type { Command } from 'commander'
import { writeFileWhole } from '../platform/files/write-out.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

const HELP = `
The ZIP has a folder for each language: messages for every channel with their links, a poster and a sheet with strips to
tear off (PDF, A4), a badge's markup, the QR code (SVG, PNG), and pictures for link previews, posts and stories. The words are those of
"share" in petition.yaml, or the site's.

Example:
  undersigned share cop29-baku
  undersigned share cop29-baku --out kit.zip
  undersigned share cop29-baku --partner "Charter97" --out charter97.zip`

interface Options {
  out?: string
  language?: string
  partner?: string
}

export function addShareCommand(program: Command, open: Open): void {
  program
    .command('share <slug>')
    .description('what is passed on: messages, posters, QR codes, pictures')
    .option(
      '--out <file>',
      'write all of it into this ZIP; without, the messages alone are printed',
    )
    .option('--language <tag>', 'this language alone, not all of them')
    .option('--partner <name>', 'with links that credit a partner of "link create"')
    .addHelpText('after', HELP)
    .action((slug: string, options: Options) =>
      open(async ({ petitions, sharing, delivery, cards }) => {
        const petition = await getPetition(petitions, slug)
        const languages = chooseLanguages(slug, petition.settings.languages, options.language)
        const code = options.partner === undefined ? null : await findCode(options.partner)
        if (options.out === undefined) {
          for (const language of languages) {
            console.log(`${language}\n\n${delivery.messages(petition, { language, code })}`)
          }
          return
        }
        await writeFileWhole(options.out, delivery.kit(petition, { cards, languages, code }))
        console.log(`${options.out} is written: ${languages.join(', ')}.`)

        async function findCode(name: string): Promise<string> {
          const links = await sharing.listPartnerLinks(petition)
          const found = links.find((link) => link.name === name)
          if (found) return found.code
          throw new CommandError(
            `${slug} has no partner of that name: "undersigned link list ${slug}" shows those there are`,
          )
        }
      }),
    )
}

function chooseLanguages(slug: string, all: string[], asked: string | undefined): string[] {
  if (asked === undefined) return all
  if (all.includes(asked)) return [asked]
  throw new CommandError(`${slug} has no ${asked}: --language takes ${all.join(', ')}`)
}
