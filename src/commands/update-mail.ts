import { type Command, InvalidArgumentError } from 'commander'
import { type Petition, zoneOf } from '../petition/petition.ts'
import { parseEmail } from '../platform/address/email-address.ts'
import { toIso, type Zone } from '../platform/i18n/zone.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { MOST_A_WEEK } from '../subscriber/most-a-week.ts'
import { languagesOf } from '../update/choose-text.ts'
import type { Mailing, NotMailed } from '../update/mail/begin-broadcast.ts'
import { PER_MINUTE } from '../update/mail/limits.ts'
import type { About, Steered, Steering } from '../update/mail/steer-broadcast.ts'
import { readName, readUpdateFolder } from '../update/update-files.ts'
import { asUpdate, type Progress, type Update, type Updates } from '../update/updates.ts'
import { asking } from './agree.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

const MAIL_HELP = `
Counts the subscribers by language and asks. Their mails go out behind all others, ${PER_MINUTE.default} a minute unless
--per-minute says otherwise, one after the other; each ends with a link to leave the list, and who leaves meanwhile gets
none. Each update is mailed once. The sign form promises at most ${MOST_A_WEEK} mailings a week as a rule: more need
--beyond-limit.`

interface MailOptions {
  yes?: boolean
  perMinute: number
  beyondLimit?: boolean
}

const STEERINGS: [Steering, description: string, done: string][] = [
  ['pause', 'send no more of its mails for now', 'is paused'],
  ['resume', 'go on sending them', 'goes on'],
  ['cancel', 'send no more of its mails, for good', 'is cancelled'],
]

export function addMailingCommands(update: Command, open: Open): void {
  update
    .command('test <slug> <folder>')
    .description(
      'mail an update to yourself first, published or not, once in each of its languages',
    )
    .requiredOption('--to <address>', 'your own e-mail address')
    .option('--language <code>', 'in this language only')
    .action((slug: string, folder: string, { to, language }: { to: string; language?: string }) =>
      open(async ({ clock, petitions, updates }, by) => {
        const petition = await getPetition(petitions, slug)
        const name = readName(folder)
        const published = (await updates.of(petition)).find((each) => each.name === name)
        const found =
          published ?? asUpdate(petition.id, await readUpdateFolder(folder, petition), clock.now())
        const email = parseEmail(to)
        if (!email) throw new CommandError('--to is no e-mail address')
        const offered = languagesOf(petition, found)
        if (language !== undefined && !offered.includes(language)) {
          throw new CommandError(`${name} is not in ${language}: it is in ${offered.join(', ')}`)
        }
        const languages = language === undefined ? offered : [language]
        await updates.test(petition, found, { to: email.typed, languages }, by)
        console.log(`It is sent within moments while the site runs, in ${languages.join(', ')}.`)
        if (published) return
        console.log(
          'It is not published: the link in it opens once "update publish" has made its page.',
        )
      }),
    )

  update
    .command('mail <slug> <name>')
    .description('mail a published update to the subscribers')
    .option('--yes', 'do it unasked')
    .option('--per-minute <mails>', 'how fast', readPace, PER_MINUTE.default)
    .option('--beyond-limit', `although ${MOST_A_WEEK} mailings or more went out in seven days`)
    .addHelpText('after', MAIL_HELP)
    .action((slug: string, name: string, { yes, perMinute, beyondLimit = false }: MailOptions) =>
      open(async ({ petitions, updates, restoring }, by) => {
        const { petition, found } = await getUpdate({ petitions, updates }, slug, name)
        // A restored database may list subscribers who have left since.
        const closed = await restoring.whyClosed()
        if (closed) throw new CommandError(closed)
        const agree = asking<Mailing>({
          yes,
          show: (mailing) => tellCount(found, mailing, perMinute),
          question: ({ figures }) => `Mail ${name} to ${subscribers(sum(figures))}?`,
          refused: 'nobody was mailed',
          unasked: UNASKED,
        })
        const given = { update: found, perMinute, beyondLimit }
        const begun = await updates.begin(petition, given, by, agree)
        if (typeof begun === 'string')
          throw refusal(begun, slug, name, await updates.countThisWeek(petition))
        console.log(`${subscribers(begun.total)} of ${slug} will be mailed.`)
        console.log(`How far it is: undersigned update status ${slug}`)
        console.log(`To stop it meanwhile: undersigned update pause ${slug} ${name}`)
      }),
    )

  update
    .command('status <slug>')
    .description('how far the mailings of updates and milestones are')
    .action((slug: string) =>
      open(async ({ petitions, updates }) => {
        const petition = await getPetition(petitions, slug)
        const names = new Map((await updates.of(petition)).map(({ id, name }) => [id, name]))
        const all = await updates.progress(petition)
        for (const each of all) console.log(toLine(each, names, zoneOf(petition)))
        if (all.length === 0) console.log(`Nothing of ${slug} was mailed to subscribers yet.`)
      }),
    )

  for (const [steering, description, done] of STEERINGS) {
    update
      .command(`${steering} <slug> <name>`)
      .description(`${description}; a milestone's name is its number`)
      .action((slug: string, name: string) =>
        open(async ({ petitions, updates }, by) => {
          const petition = await getPetition(petitions, slug)
          const about = await findAbout(updates, petition, name)
          const steered = await updates.steer(petition, { about, name }, steering, by)
          const left = readSteered(steered, { name, steering })
          console.log(`The mailing of ${name} ${done}; ${howMany(left, 'mail')} left.`)
        }),
      )
  }
}

const UNASKED = 'mailing people has no way back: add --yes if that is meant'

/** @throws InvalidArgumentError */
function readPace(text: string): number {
  const pace = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (pace >= PER_MINUTE.least && pace <= PER_MINUTE.most) return pace
  throw new InvalidArgumentError(
    `It takes ${PER_MINUTE.least} to ${PER_MINUTE.most} mails a minute.`,
  )
}

type Find = Parameters<typeof getPetition>[0]

async function getUpdate(
  { petitions, updates }: { petitions: Find; updates: Pick<Updates, 'of'> },
  slug: string,
  name: string,
): Promise<{ petition: Petition; found: Update }> {
  const petition = await getPetition(petitions, slug)
  const found = (await updates.of(petition)).find((each) => each.name === name)
  if (found) return { petition, found }
  throw new CommandError(
    `there is no published update "${name}" of ${slug}: "undersigned update list ${slug}" shows those there are`,
  )
}

async function findAbout(updates: Updates, petition: Petition, name: string): Promise<About> {
  const found = (await updates.of(petition)).find((each) => each.name === name)
  if (found) return { updateId: found.id }
  return { milestone: /^\d{1,9}$/.test(name) ? Number(name) : -1 }
}

function tellCount(
  { name }: Update,
  { figures, thisWeek, texts }: Mailing,
  perMinute: number,
): void {
  const total = sum(figures)
  console.log(`${name} would go to ${subscribers(total)}:`)
  for (const [language, count] of Object.entries(figures)) {
    const note = texts.has(language) ? '' : ', who read another language of it'
    console.log(`  ${language}\t${count}${note}`)
  }
  console.log(`That takes about ${howMany(Math.ceil(total / perMinute), 'minute')}.`)
  console.log(`Mailings of the last seven days: ${thisWeek}`)
}

const sum = (figures: Mailing['figures']) =>
  Object.values(figures).reduce((total, count) => total + count, 0)

const subscribers = (count: number) => howMany(count, 'subscriber')

function refusal(why: NotMailed, slug: string, name: string, thisWeek: number): CommandError {
  const words = {
    'not shown': `${slug} is a draft or hidden: publish or show it first`,
    'keeps no list': `${slug} keeps no list for updates ("updates: false" in its petition.yaml)`,
    'nobody to mail': `nobody is on the list of ${slug}`,
    'mailed already': `${name} was mailed already: see "undersigned update status ${slug}", or publish a new update`,
    'too many': `subscribers of ${slug} had ${howMany(thisWeek, 'mailing')} in seven days, and the form promises at most ${MOST_A_WEEK} as a rule: wait, or add --beyond-limit if it must be`,
  }
  return new CommandError(words[why])
}

/** @returns how many mails are left. @throws CommandError */
function readSteered(
  steered: Steered,
  { name, steering }: { name: string; steering: Steering },
): number {
  if (steered === 'not mailed') throw new CommandError(`${name} was not mailed to anybody yet`)
  if (steered.steered) return steered.left
  throw new CommandError(
    `the mailing of ${name} is ${steered.state}: there is nothing to ${steering}`,
  )
}

function toLine(broadcast: Progress, names: ReadonlyMap<number, string>, zone: Zone): string {
  const {
    update_id: id,
    milestone,
    state,
    total,
    sent,
    refused,
    given_up,
    waiting,
    repeated,
  } = broadcast
  const name = id === null ? `milestone ${milestone}` : names.get(id)
  const left = Math.max(0, total - sent - refused - given_up - waiting)
  const figures = [
    `${sent} of ${total} sent`,
    `${waiting} waiting`,
    `${refused} refused by the mail server`,
    `${given_up} given up`,
    `${repeated} perhaps sent twice`,
    // Those whose mails a cancelled mailing dropped are among them.
    state === 'cancelled' ? `${left} left the list or dropped` : `${left} left the list`,
  ]
  return [name, state, toIso(broadcast.begun_at, zone), figures.join(', ')].join('\t')
}
