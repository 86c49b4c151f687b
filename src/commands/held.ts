import { type Command, Option } from 'commander'
import type { Actor } from '../actions/note-action.ts'
import { HELD, type Held } from '../defence/verdict.ts'
import { writeMoment } from '../petition/files/read-moment.ts'
import { zoneOf } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { showProgress } from '../platform/terminal/show-progress.ts'
import type { Erasing } from '../signature/mail/release-held.ts'
import type { Signatures } from '../signature/signatures.ts'
import { asking } from './agree.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

const HELP = `
Under a flood of forms the mails of some wait, though their senders got the usual answer. Why:

  slow      the page did no work, or too little: goes out by itself, a minute later and in its turn
  unproved  too many such forms on the whole site
  network   too many forms from one network
  domain    too many addresses at one domain
  address   too many forms with one address

The others go out by themselves once none was held for the same reason for half an hour; those of "network", "domain"
and "address" a few a minute before that. What nobody confirms within 14 days is erased.`

export function addHeldCommands(program: Command, open: Open): void {
  const held = program
    .command('held')
    .description('forms whose mails wait, since more came than people send')
    .addHelpText('after', HELP)

  held
    .command('list <slug>')
    .description('how many forms wait, by reason, and since when')
    .action((slug: string) =>
      open(async ({ petitions, signatures }) => {
        const counts = await signatures.countHeld(await getPetition(petitions, slug))
        if (counts.length === 0) console.log('No form waits.')
        for (const { held: why, forms, oldest, newest } of counts) {
          console.log(`${why}\t${forms}\t${oldest.toISOString()}\t${newest.toISOString()}`)
        }
      }),
    )

  held
    .command('release <slug>')
    .description('mail them now, behind the mails of others')
    .addOption(reason())
    .option('--limit <number>', 'the oldest so many', Number, 10_000)
    .action((slug: string, { reason: why, limit }: { reason: Held; limit: number }) =>
      open(async ({ petitions, signatures }, by) => {
        const petition = await getPetition(petitions, slug)
        if (!(Number.isInteger(limit) && limit > 0)) {
          throw new CommandError('--limit takes a whole number above 0')
        }
        const released = await signatures.releaseForReason(petition, [why], limit, by)
        console.log(`Mailed: ${howMany(released, 'form')} of "${why}".`)
      }),
    )

  held
    .command('erase <slug>')
    .description('erase them for good, without a mail')
    .addOption(reason())
    .requiredOption('--until <time>', 'those that came until then, as "held list" shows the newest')
    .option('--yes', 'do it unasked')
    .action((slug: string, options: EraseOptions) =>
      open((site, by) => erase(site, slug, { ...options, by })),
    )
}

interface EraseOptions {
  reason: Held
  until: string
  yes?: boolean
}

async function erase(
  { petitions, signatures }: { petitions: Petitions; signatures: Signatures },
  slug: string,
  { reason: why, until: text, yes, by }: EraseOptions & { by: Actor },
): Promise<void> {
  const petition = await getPetition(petitions, slug)
  const until = readUntil(text)
  const named = (count: number) =>
    `${howMany(count, 'form')} of "${why}" that came until ${writeMoment({ at: until, zone: zoneOf(petition) })}`
  let progress: ReturnType<typeof showProgress> | null = null
  const agree = asking<Erasing>({
    yes,
    show({ figures }) {
      if (!yes) console.log(`${named(figures.forms)} would be erased.`)
      progress = showProgress(figures.forms, process.stderr)
    },
    question: 'Erase them? There is no way back.',
    unasked: 'nothing was erased: add --yes to do it. There is no way back',
  })
  const choice = { held: [why], until }
  const erased = await signatures
    .eraseHeld(petition, choice, by, agree, (forms) => progress?.add(forms))
    .finally(() => progress?.end())
  if (erased === 0) throw new CommandError('no such form waits')
  console.log(`${named(erased)} erased.`)
}

/** Of forms that are yet to come nobody knows anything. */
function readUntil(text: string): Date {
  const time = TIME.test(text) ? new Date(text) : new Date(Number.NaN)
  if (Number.isNaN(time.getTime())) {
    throw new CommandError('--until takes a time with its zone, for example 2024-11-12T09:30:00Z')
  }
  if (time.getTime() > Date.now()) throw new CommandError('--until is a time to come')
  return time
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)$/

const reason = () =>
  new Option('--reason <why>', 'why they wait').choices(HELD).makeOptionMandatory()
