import type { Command } from 'commander'
import { zoneOf } from '../petition/petition.ts'
import { toIso } from '../platform/i18n/zone.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { describeAlert } from '../scrutiny/mail-alerts.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

const HELP = `
Once an hour the newest forms are compared with the petition's own past: by country, language, mail provider, shared
networks and domains, repeated addresses, the shape of names, browser, and the time until somebody confirms. An alert says
what more of them have in common than before. It may be a crowd that came by one link, or a farm of signers: look at the
figures, then at a sample with "undersigned quarantine sample". An alert that is not seen for a day closes by itself.`

export function addAlertCommands(program: Command, open: Open): void {
  const alert = program
    .command('alert')
    .description('what the newest forms have in common more than before')
    .addHelpText('after', HELP)

  alert
    .command('list [slug]')
    .description('open alerts with their figures, the newest first')
    .option('--all', 'closed ones, too')
    .action((slug: string | undefined, { all = false }: { all?: boolean }) =>
      open(async ({ petitions, scrutiny }) => {
        const petition = slug === undefined ? null : await getPetition(petitions, slug)
        const known = new Map((await petitions.all()).map((each) => [each.id, each]))
        const alerts = await scrutiny.listAlerts(petition, { open: !all })
        if (alerts.length === 0) console.log(all ? 'There was no alert.' : 'No alert is open.')
        for (const each of alerts) {
          const of = known.get(each.petitionId)
          const opened = toIso(each.openedAt, of ? zoneOf(of) : 'Z')
          const since = `${opened}${each.closedAt ? ' closed' : ''}`
          console.log(`${each.id}\t${of?.slug}\t${since}\t${describeAlert(each)}`)
          for (const { value, forms } of each.figures.largest ?? []) {
            console.log(`\t\t${each.trait}=${value}\t${howMany(forms, 'form')}`)
          }
        }
      }),
    )

  alert
    .command('close <id>')
    .description('close an alert that was looked at; it opens again if it is seen again')
    .action((id: string) =>
      open(async ({ scrutiny }, by) => {
        if (!/^\d{1,9}$/.test(id) || !(await scrutiny.closeAlert(Number(id), by))) {
          throw new CommandError(`no alert ${id} is open: see "alert list"`)
        }
        console.log(`Alert ${id} is closed.`)
      }),
    )
}
