import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Petition } from '../petition/petition.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import type { Decision, Entry } from '../signature/moderation/decide.ts'
import type { Queued } from '../signature/moderation/queue.ts'
import { REASONS, type Reason, WAITS } from '../signature/moderation/why.ts'
import type { Moderated } from '../signature/shown/moderate.ts'
import type { Site } from '../site.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

const LISTED = 100
/** A decision is one transaction. */
const TOGETHER = 5000

const HELP = `
Why an entry waits:

  review    the petition shows none that nobody has read
  link      it holds a web address
  address   it holds an e-mail address, a user's name or a telephone number
  word      it holds a word of a list
  changed   its signer has changed it since it was hidden
  report    a reader reported it

A name that no organiser has read is hidden at once when it is reported: at most 10 an hour and 50 in all, and never more
than a tenth of the names. What you have approved is not hidden by reports again; it comes into the queue.`

const DECIDE_HELP = `
Entries are given by the first column of "moderation list". With --why all that wait for it are decided on: those of
signatures confirmed until --until, since others have been read by nobody. "undersigned moderation undo" takes a
decision back within 30 days; then what was hidden is erased.`

export function addModerationCommands(program: Command, open: Open): void {
  const moderation = program
    .command('moderation')
    .description('names and comments that wait to be read, or were reported')
    .addHelpText('after', HELP)

  moderation
    .command('list <slug>')
    .description('reported ones first, then the oldest')
    .addOption(new Option('--why <why>', 'only these').choices(WAITS))
    .addOption(only())
    .option('--hidden', 'those that are hidden, until they are erased')
    .option('--limit <number>', 'how many', readNumber, LISTED)
    .action((slug: string, { why, only, hidden, limit }: ListOptions) =>
      open(async ({ clock, petitions, signatures }) => {
        const petition = await getPetition(petitions, slug)
        const now = clock.now()
        const found = await signatures.moderation.list(petition, {
          list: hidden ? 'refused' : 'waiting',
          limit,
          ...(why ? { why } : {}),
          ...(only ? { only: TABLES[only] } : {}),
        })
        for (const each of found) console.log(tell(each))
        console.log(
          found.length === 0
            ? 'Nothing waits.'
            : `To decide on all that wait for one reason: --why <why> --until ${now.toISOString()}`,
        )
      }),
    )

  const decisions = {
    approve: 'show them on the page',
    hide: 'keep them off the page; signatures count',
  }
  for (const [verb, does] of Object.entries(decisions) as [keyof typeof decisions, string][]) {
    const command = moderation
      .command(`${verb} <slug> [entry...]`)
      .description(does)
      .addOption(new Option('--why <why>', 'all that wait for it').choices(WAITS))
      .addOption(only())
      .option('--until <time>', 'with --why: as "moderation list" says', readTime)
      .addHelpText('after', DECIDE_HELP)
    if (verb === 'hide') {
      command.addOption(
        new Option('--reason <reason>', 'why').choices(REASONS).makeOptionMandatory(),
      )
    }
    command.action((slug: string, keys: string[], options: DecideOptions) =>
      open(async (site, by) => {
        const petition = await getPetition(site.petitions, slug)
        const entries = await choose(site, petition, keys, options)
        const decision: Decision = {
          state: verb === 'hide' ? 'refused' : 'approved',
          reason: options.reason ?? null,
          ...(options.why ? { waited: options.why } : {}),
        }
        const decided = await site.signatures.moderation.decide(petition, entries, decision, by)
        const { names, comments } = decided
        const missing = entries.length - names - comments
        if (names + comments > 0) {
          console.log(`${verb === 'hide' ? 'Hidden' : 'Shown'}: ${tellBoth(decided)}.`)
          console.log(`To take it back: undersigned moderation undo ${slug} ${decided.decision}`)
        }
        if (missing > 0) {
          throw new CommandError(
            `${howMany(missing, 'of them is', 'of them are')} not there: the signer may have withdrawn`,
          )
        }
      }),
    )
  }

  moderation
    .command('undo <slug> <decision>')
    .description('take a decision of the last 30 days back, as far as nothing was decided since')
    .action((slug: string, decision: string) =>
      open(async ({ petitions, signatures }, by) => {
        const petition = await getPetition(petitions, slug)
        const undone = await signatures.moderation.undo(petition, readNumber(decision), by)
        console.log(`As before: ${tellBoth(undone)}.`)
      }),
    )
}

const tellBoth = ({ names, comments }: { names: number; comments: number }) =>
  [names > 0 && howMany(names, 'name'), comments > 0 && howMany(comments, 'comment')]
    .filter(Boolean)
    .join(' and ') || 'nothing'

const TABLES: Record<'name' | 'comment', Moderated> = { name: 'public_name', comment: 'comment' }
const only = () =>
  new Option('--only <kind>', 'names or comments alone').choices(['name', 'comment'])

interface ListOptions {
  why?: string
  only?: 'name' | 'comment'
  hidden?: boolean
  limit: number
}

interface DecideOptions {
  why?: string
  only?: 'name' | 'comment'
  until?: Date
  reason?: Reason
}

async function choose(
  { signatures }: Site,
  petition: Petition,
  keys: string[],
  { why, only, until }: DecideOptions,
): Promise<Entry[]> {
  if (keys.length > 0 === (why !== undefined)) {
    throw new CommandError('give either entries, as "moderation list" shows them, or --why')
  }
  if (!why) return keys.map(readKey)
  if (!until) throw new CommandError('--why needs --until, as "moderation list" says it')
  const choice = { list: 'waiting', why, until, limit: TOGETHER } as const
  return signatures.moderation.list(petition, only ? { ...choice, only: TABLES[only] } : choice)
}

function readKey(key: string): Entry {
  const [, kind, id] =
    /^(name|comment)\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/.exec(key) ?? []
  if (!kind || !id) throw new CommandError(`"${key}" is no entry: copy it from "moderation list"`)
  return { moderated: TABLES[kind as 'name' | 'comment'], id }
}

function tell({ moderated, id, state, why, reports, reported, decision, country, text }: Queued) {
  const key = `${moderated === 'comment' ? 'comment' : 'name'}/${id}`
  const told = reports > 0 ? `reported ${reports}: ${reported}` : ''
  const shown = { waiting: 'waiting', approved: 'shown', refused: 'hidden' }[state]
  const number = decision === null ? '' : `decision ${decision}`
  return [
    key,
    shown,
    why ?? '',
    told,
    number,
    country,
    escapeUnsafe(text.replaceAll('\n', ' / ')),
  ].join('\t')
}

function readNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.')
  return Number(text)
}

function readTime(text: string): Date {
  const time = new Date(/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : Number.NaN)
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('It takes a time with its zone.')
  return time
}
