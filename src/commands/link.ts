import type { Command } from 'commander'
import { createPartnerLink } from '../sharing/create-partner-link.ts'
import { noSuchPetition } from './no-such-petition.ts'
import type { Open } from './open-site.ts'

export function addLinkCommands(program: Command, open: Open): void {
  program
    .command('link')
    .description('links that credit a partner')
    .command('create <slug>')
    .description('a share code for a partner; the same name gets the same code again')
    .requiredOption('--name <partner>', 'who is credited, for example "Charter97"')
    .action((slug: string, { name }: { name: string }) =>
      open(async ({ db, clock, petitions, config }) => {
        const petition = await petitions.find(slug)
        if (!petition) throw noSuchPetition(slug)
        const link = await db
          .transaction()
          .execute((trx) => createPartnerLink(trx, clock, petition, name))
        console.log(`Code      ${link.code}`)
        console.log(`Link      ${config.publicUrl}/s/${link.code}`)
        for (const language of petition.settings.languages) {
          console.log(`      ${language}  ${config.publicUrl}/${language}/s/${link.code}`)
        }
      }),
    )
}
