import type { Command } from 'commander'
import type { Agree } from '../actions/agreement.ts'
import type { Actor } from '../actions/note-action.ts'
import { type Moment, readMoment, writeMoment } from '../petition/files/read-moment.ts'
import { anyLanguagePath } from '../petition/paths.ts'
import { type Petition, petitionState } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import type { Changes } from '../publishing/survey-changes.ts'
import { tellChanges } from '../publishing/tell-changes.ts'
import type { Site } from '../site.ts'
import { asking } from './agree.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'
import { tellPreview } from './preview-link.ts'

const HELP = `
Shows the changes before it makes any, and asks on a terminal. A script, which has none, is not asked: a new petition is
public at once. It needs --yes to take something away (a language, a day, a recipient, an organiser, the contact, the list for updates, a target), to
make guarded figures live, or to change a text that people have signed.`

interface Given {
  yes?: boolean
  draft?: boolean
  at?: string
}

export function addPublishCommand(petition: Command, open: Open): void {
  petition
    .command('publish <folder>')
    .description('create or update a petition from petition.yaml and one <lang>.md a language')
    .option('--yes', 'agree to all changes, unasked')
    .option('--draft', 'keep it for those who are given the address of its preview')
    .option('--at <moment>', 'publish it by itself then, such as 2030-03-01T09:00+01:00')
    .addHelpText('after', HELP)
    .action((folder: string, { yes = false, draft, at }: Given, command: Command) => {
      if (draft && at) command.error('error: give --draft or --at, not both', { exitCode: 2 })
      const as = draft ? 'draft' : at === undefined ? 'published' : readTime(at)
      return open((site, by) => publish(site, folder, { by, as, yes }))
    })
}

async function publish(
  site: Site,
  folder: string,
  { by, as, yes }: { by: Actor; as: 'published' | 'draft' | Moment; yes: boolean },
): Promise<void> {
  const { config } = site
  const published = await site.publishing.publish(folder, {
    by,
    as,
    agree: agreeing(yes),
  })
  const { slug, created, versions, unsubscribed } = published
  const petition = await getPetition(site.petitions, slug)
  if (as !== 'published') {
    console.log(
      as === 'draft'
        ? `${slug} is a draft: nobody sees it but those who have the address of its preview.`
        : `${slug} is published by itself at ${writeMoment({ ...as, zone: petition.settings.zone ?? as.zone })}, if the site runs then; until that time it is a draft.`,
    )
    return tellPreview(site, slug, by)
  }
  console.log(`${created ? 'Published' : 'Updated'} ${config.publicUrl}${anyLanguagePath(slug)}`)
  for (const { language, version } of versions) {
    console.log(`  ${language}: version ${version} of the text`)
  }
  if (versions.length === 0) console.log('  the text is unchanged')
  if (unsubscribed > 0) {
    console.log(
      `  updates: the list is off, ${howMany(unsubscribed, 'address on it is', 'addresses on it are')} erased`,
    )
  }
  const state = tellState(petition, site.clock)
  if (state) console.log(`  ${state}`)
  if (!petition.settings.contact && !config.contact) {
    console.log('  no contact is given for signers\' questions: add "contact" to petition.yaml')
  }
}

/** With its zone, so that the person and the server mean the same. @throws CommandError */
function readTime(text: string): Moment {
  const moment = readMoment(text, { end: false, own: null, since: new Date(0) })
  if (moment && /\d{4}-\d\d-\d\dT/.test(text)) return moment
  throw new CommandError(
    `--at ${text.slice(0, 40)}: give a day, a time and a zone, such as 2030-03-01T09:00+01:00`,
  )
}

/** @throws CommandError when publishing is called off */
function agreeing(yes: boolean): Agree<Changes> {
  const ask = asking<Changes>({
    yes,
    question: ({ before }) => (before ? 'Publish these changes?' : 'Publish it?'),
    refused: 'nothing was published',
    unasked: ({ losses }) =>
      `nothing was published: ${losses.map(escapeUnsafe).join('; ')}. Add --yes if that is meant`,
  })
  // Nobody sees a draft but those who are to judge it.
  return (changes) => !tellAll(changes) || changes.as === 'draft' || ask(changes)
}

/** @returns false when nothing changes */
function tellAll(changes: Changes): boolean {
  for (const language of changes.unlisted) {
    console.log(`${language}.md is left out: petition.yaml doesn't list ${language}.`)
  }
  for (const sentence of changes.small ?? []) console.log(sentence)
  for (const word of changes.targets?.kept ?? []) {
    console.log(`targets.yaml lacks ${word}, which was asked: it stays, with what was noted of it.`)
  }
  const lines = tellChanges(changes)
  if (lines.length === 0) return false
  console.log(
    changes.before ? `What changes in ${changes.slug}:` : `A new petition, ${changes.slug}:`,
  )
  for (const line of lines) console.log(`  ${line}`)
  for (const loss of changes.losses) console.log(`  ! ${escapeUnsafe(loss)}`)
  return true
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
    case 'paused':
      return `signing is paused: undersigned petition resume ${slug} takes signatures again`
    case 'delivered':
    case 'answered':
      return 'it stays closed: it is marked as delivered'
    case 'draft':
    case 'scheduled':
      return 'it is a draft'
    case 'closed': {
      const since = writeMoment({ at: closesAt!, zone: closesZone })
      return petition.closedByHand
        ? `it stays closed, as it was closed by hand at ${since}: undersigned petition reopen ${slug} takes signatures again`
        : `it stays closed: its closing day was ${since}; move "closes" in petition.yaml and publish again`
    }
  }
}
