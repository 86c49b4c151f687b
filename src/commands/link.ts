import type { Command } from 'commander'
import { getPetition, type Open } from './open-site.ts'

export function addLinkCommands(program: Command, open: Open): void {
  program
    .command('link')
    .description('links that credit a partner')
    .command('create <slug>')
    .description('a share code for a partner; the same name gets the same code again')
    .requiredOption('--name <partner>', 'the name to credit, for example "Charter97"')
    .action((slug: string, { name }: { name: string }) =>
      open(async ({ petitions, sharing, config }) => {
        const petition = await getPetition(petitions, slug)
        const link = await sharing.createPartnerLink(petition, name)
        console.log(`Code      ${link.code}`)
        console.log(`Link      ${config.publicUrl}/s/${link.code}`)
        for (const language of petition.settings.languages) {
          console.log(`      ${language}  ${config.publicUrl}/${language}/s/${link.code}`)
        }
      }),
    )
}
