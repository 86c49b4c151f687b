import type { Command } from 'commander'
import { ownLinkPath } from '../petition/paths.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { getPetition, type Open } from './open-site.ts'

export function addLinkCommands(program: Command, open: Open): void {
  const group = program.command('link').description('links that credit a partner')

  group
    .command('create <slug>')
    .description('a share code for a partner; the same name gets the same code again')
    .requiredOption('--name <partner>', 'the name to credit, for example "Charter97"')
    .action((slug: string, { name }: { name: string }) =>
      open(async ({ petitions, sharing, config }, by) => {
        const petition = await getPetition(petitions, slug)
        const link = await sharing.createPartnerLink(petition, name, by)
        console.log(`Code      ${link.code}`)
        console.log(`Link      ${config.publicUrl}/s/${link.code}`)
        for (const language of petition.settings.languages) {
          console.log(`      ${language}  ${config.publicUrl}/${language}/s/${link.code}`)
        }
        const [language = ''] = petition.settings.languages
        const own = ownLinkPath(sharing.pageToken(link.code))(language)
        console.log(`Page      ${config.publicUrl}${own}`)
        console.log('The page shows what the link brings: send its address to the partner alone.')
        console.log(
          `\nFor a page of theirs (docs/sharing.md):\n${snippet(config.publicUrl, slug, link.code)}`,
        )
      }),
    )

  group
    .command('list <slug>')
    .description("partners' links with their pages' secret addresses, by name")
    .action((slug: string) =>
      open(async ({ petitions, sharing, config }) => {
        const petition = await getPetition(petitions, slug)
        const links = await sharing.listPartnerLinks(petition)
        const [language = ''] = petition.settings.languages
        for (const { code, name } of links) {
          const own = `${config.publicUrl}${ownLinkPath(sharing.pageToken(code))(language)}`
          console.log([escapeUnsafe(name), `${config.publicUrl}/s/${code}`, own].join('\t'))
        }
        console.log(`${howMany(links.length, 'link')}.`)
      }),
    )
}

/** As docs/sharing.md has it. */
const snippet = (publicUrl: string, slug: string, code: string) =>
  `<div>
  <a href="${publicUrl}/s/${code}">Sign the petition</a>
  <script async src="${publicUrl}/embed.js" data-petition="${slug}" data-ref="${code}"></script>
</div>`
