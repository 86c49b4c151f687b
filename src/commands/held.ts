import { type Command, Option } from 'commander'
import { HELD, type Held } from '../defence/verdict.ts'
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
      open(async ({ petitions, signatures }) => {
        const petition = await getPetition(petitions, slug)
        if (!(Number.isInteger(limit) && limit > 0)) {
          throw new CommandError('--limit takes a whole number above 0')
        }
        const released = await signatures.releaseForReason(petition, [why], limit)
        console.log(`${released} forms of "${why}" are mailed.`)
      }),
    )

  held
    .command('erase <slug>')
    .description('erase them for good, without a mail')
    .addOption(reason())
    .requiredOption('--forms <number>', 'how many "held list" says there are', Number)
    .action((slug: string, { reason: why, forms }: { reason: Held; forms: number }) =>
      open(async ({ petitions, signatures }) => {
        const petition = await getPetition(petitions, slug)
        const counts = await signatures.countHeld(petition)
        const found = counts.find(({ held: each }) => each === why)?.forms ?? 0
        // More may have come since: those nobody has looked at.
        if (found !== forms) {
          throw new CommandError(
            `${found} forms of "${why}" wait, and --forms says ${forms}: nothing was erased; look again with "held list ${slug}"`,
          )
        }
        const erased = await signatures.eraseHeld(petition, [why], forms)
        console.log(`${erased} forms of "${why}" are erased.`)
      }),
    )
}

const reason = () =>
  new Option('--reason <why>', 'why they wait').choices(HELD).makeOptionMandatory()
