import type { Command } from 'commander'
import { writeMoment } from '../petition/files/read-moment.ts'
import { anyLanguagePath } from '../petition/paths.ts'
import { type Petition, petitionState } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { ask } from '../platform/terminal/ask.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import type { Changes } from '../publishing/survey-changes.ts'
import { tellChanges } from '../publishing/tell-changes.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

const HELP = `
Shows the changes before it makes any, and asks on a terminal. A script is not asked, but needs --yes to
take something away (a language, a day, a recipient, an organiser, the contact, the list for updates), to
make guarded figures live, or to change a text that people have signed.`

export function addPublishCommand(petition: Command, open: Open): void {
  petition
    .command('publish <folder>')
    .description('create or update a petition from petition.yaml and one <lang>.md a language')
    .option('--yes', 'agree to all changes, unasked')
    .addHelpText('after', HELP)
    .action((folder: string, { yes = false }: { yes?: boolean }) =>
      open(async ({ config, clock, petitions, publishing }) => {
        const published = await publishing.publish(folder, {
          agree: (changes) => agree(changes, yes),
        })
        const { slug, created, versions, unsubscribed } = published
        console.log(
          `${created ? 'Published' : 'Updated'} ${config.publicUrl}${anyLanguagePath(slug)}`,
        )
        for (const { language, version } of versions) {
          console.log(`  ${language}: version ${version} of the text`)
        }
        if (versions.length === 0) console.log('  the text is unchanged')
        if (unsubscribed > 0) {
          console.log(`  updates: the list is off, ${unsubscribed} addresses on it are erased`)
        }
        const petition = await getPetition(petitions, slug)
        const state = tellState(petition, clock)
        if (state) console.log(`  ${state}`)
        if (!petition.settings.contact && !config.contact) {
          console.log(
            '  no contact is given for signers\' questions: add "contact" to petition.yaml',
          )
        }
      }),
    )
}

/** @throws CommandError when publishing is called off */
async function agree(changes: Changes, yes: boolean): Promise<void> {
  for (const language of changes.unlisted) {
    console.log(`${language}.md is left out: petition.yaml doesn't list ${language}.`)
  }
  const lines = tellChanges(changes)
  const losses = changes.losses.map(escapeUnsafe)
  if (lines.length === 0) return
  console.log(
    changes.before ? `What changes in ${changes.slug}:` : `A new petition, ${changes.slug}:`,
  )
  for (const line of lines) console.log(`  ${line}`)
  for (const loss of losses) console.log(`  ! ${loss}`)
  if (yes) return
  const answer = await ask(changes.before ? 'Publish these changes?' : 'Publish it?')
  if (answer || (answer === null && losses.length === 0)) return
  throw new CommandError(
    answer === false
      ? 'nothing was published'
      : `nothing was published: ${losses.join('; ')}. Add --yes if that is meant`,
  )
}

/** The reason why it takes no signatures although it was published; null where it does. */
function tellState(petition: Petition, clock: Clock): string | null {
  const { slug, opensAt, opensZone, closesAt, closesZone } = petition
  if (!petition.tagKey) return 'it stays closed: it is archived, for good'
  switch (petitionState(petition, clock)) {
    case 'open':
      return null
    case 'upcoming':
      return `signing opens at ${writeMoment({ at: opensAt, zone: opensZone })}`
    case 'unready':
      return 'signing opens once each recipient is proved: undersigned keys challenge <recipient>'
    case 'closed': {
      const since = writeMoment({ at: closesAt!, zone: closesZone })
      return petition.closedByHand
        ? `it stays closed, as it was closed by hand at ${since}: undersigned petition reopen ${slug} takes signatures again`
        : `it stays closed: its closing day was ${since}; move "closes" in petition.yaml and publish again`
    }
  }
}
