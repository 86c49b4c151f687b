import { type Command, InvalidArgumentError } from 'commander'
import type { Actor } from '../actions/note-action.ts'
import { writeMoment } from '../petition/files/read-moment.ts'
import { type Petition, zoneOf } from '../petition/petition.ts'
import { PREVIEW_DAYS } from '../publishing/preview-link.ts'
import type { Site } from '../site.ts'
import { getPetition, type Open } from './open-site.ts'

const MOST_DAYS = 90

const HELP = `
Whoever has the address reads the draft as it will be, and nobody can sign there: send it to those who are to judge the
text, on a way that you trust. A new address ends the former; publishing ends it, too.`

export function addPreviewLinkCommand(petition: Command, open: Open): void {
  petition
    .command('preview-link <slug>')
    .description("a new secret address of a draft's preview, in place of the former")
    .option('--days <number>', 'for so many days', parseDays, PREVIEW_DAYS)
    .option('--withdraw', 'end the former, and make none')
    .addHelpText('after', HELP)
    .action((slug: string, { days, withdraw }: { days: number; withdraw?: boolean }) =>
      open(async (site, by) => {
        if (!withdraw) return makePreview(site, slug, by, days)
        await site.publishing.changePreview(slug, by, 0)
        console.log(`The preview of ${slug} is withdrawn: its address shows nothing any more.`)
      }),
    )
}

type Needs = Pick<Site, 'config' | 'clock' | 'keyring' | 'petitions' | 'publishing'>

/** The address that a draft has, or a first one. */
export async function tellPreview(site: Needs, slug: string, by: Actor): Promise<void> {
  const petition = await getPetition(site.petitions, slug)
  const { preview } = petition
  if (!preview || preview.until <= site.clock.now())
    return makePreview(site, slug, by, PREVIEW_DAYS)
  const { until } = preview
  tell(site, petition, { token: site.publishing.tokenOf(preview), until })
}

async function makePreview(site: Needs, slug: string, by: Actor, days: number): Promise<void> {
  const made = (await site.publishing.changePreview(slug, by, days))!
  tell(site, await getPetition(site.petitions, slug), made)
}

function tell(
  { config }: Needs,
  petition: Petition,
  { token, until }: { token: string; until: Date },
): void {
  console.log(`Its preview, until ${writeMoment({ at: until, zone: zoneOf(petition) })}:`)
  for (const language of petition.settings.languages)
    console.log(`  ${config.publicUrl}/${language}/preview/${token}`)
}

function parseDays(text: string): number {
  const days = Number(text)
  if (/^\d{1,3}$/.test(text) && days >= 1 && days <= MOST_DAYS) return days
  throw new InvalidArgumentError(`It takes a number from 1 to ${MOST_DAYS}.`)
}
