import { type Command, Option } from 'commander'
import { VOID_REASONS, type VoidReason } from '../log/core/entry/entry.ts'
import { writeMoment } from '../petition/files/read-moment.ts'
import { zoneOf } from '../petition/petition.ts'
import { readSnapshot } from '../platform/database/connect.ts'
import { writeFileWhole } from '../platform/files/write-out.ts'
import { toIso, type Zone } from '../platform/i18n/zone.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { formatRule, parseRule, RULE_TRAITS } from '../scrutiny/rule.ts'
import type { Matched, PlannedVoid, Starting } from '../scrutiny/scrutiny.ts'
import { asking } from './agree.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

const HELP = `
Takes signatures out of the count that look as if a program had made them, until you know. Their signers see no difference,
and can withdraw as always. Those that are not in the public log yet get no entry meanwhile; those that are stay in the
log's count until they are voided.

A rule names traits (${RULE_TRAITS.join(', ')}) that were noted of forms in the last 30 days. "quarantine sample" shows
which values there are. Several values of one trait are alternatives; of several traits all must fit.

Example:
  undersigned quarantine count my-petition --where domain=shared --since 2024-11-11T09:00Z
  undersigned quarantine sample my-petition --where domain=shared --out sample.jsonl
  undersigned quarantine start my-petition --where domain=3f9a0c5b7e21,90ab12cd34ef --reason bot --yes
  undersigned quarantine list my-petition
  undersigned quarantine release my-petition 4
  undersigned quarantine void my-petition 4 --yes`

interface Chosen {
  where: string[]
  since?: string
  until?: string
}

const ruleOf = ({ where, since, until }: Chosen) => parseRule(where, { since, until })

export function addQuarantineCommands(program: Command, open: Open): void {
  const group = program
    .command('quarantine')
    .description('signatures that do not count until you have decided')
    .addHelpText('after', HELP)
  const withRule = (name: string) =>
    group
      .command(`${name} <slug>`)
      .requiredOption(
        '--where <trait=value>',
        'may be repeated',
        (text: string, before: string[] = []) => [...before, text],
      )
      .option('--since <time>', 'forms that came then or later')
      .option('--until <time>', 'forms that came before')

  withRule('count')
    .description('how many forms and signatures a rule fits; changes nothing')
    .action((slug: string, chosen: Chosen) =>
      open(async ({ petitions, scrutiny }) => {
        tellMatched(await scrutiny.count(await getPetition(petitions, slug), ruleOf(chosen)))
      }),
    )

  withRule('sample')
    .description('some of those signatures, drawn at random, with what is noted of them')
    .option('--size <number>', 'how many', Number, 20)
    .option(
      '--out <file>',
      'their sealed records, for the organisers to open offline with "unseal"',
    )
    .action((slug: string, chosen: Chosen & { size: number; out?: string }) =>
      open(async (site, by) => {
        const { size, out } = chosen
        if (!(Number.isInteger(size) && size > 0 && size <= 10_000)) {
          throw new CommandError('--size takes a whole number from 1 to 10000')
        }
        const petition = await getPetition(site.petitions, slug)
        const found = await site.scrutiny.sample(petition, ruleOf(chosen), size)
        for (const { id, received, index, ...traits } of found) {
          const named = RULE_TRAITS.map((trait) => `${trait}=${traits[trait]}`).join('\t')
          const entry = index === null ? 'no entry yet' : `entry ${index}`
          console.log(`${received.toISOString().slice(0, 13)}Z\t${entry}\t${named}`)
        }
        console.log(`${howMany(found.length, 'signature')}.`)
        if (!out) return
        const ids = found.map(({ id }) => id)
        const after = { rule: formatRule(ruleOf(chosen)), signatures: ids.length }
        await site.actions.note(by, { what: 'quarantine sample', petition, after })
        await readSnapshot(site.db, (trx) =>
          writeFileWhole(out, site.signatures.readSealed(trx, petition, ids)),
        )
      }),
    )

  withRule('start')
    .description('take them out of the count')
    .addOption(
      new Option('--reason <reason>', 'the reason that the log gives, should they be voided')
        .choices(VOID_REASONS)
        .default('bot'),
    )
    .option(
      '--standing',
      'also those that will come, once a minute, until it is released or voided',
    )
    .option('--yes', 'do it unasked')
    .action(
      (slug: string, chosen: Chosen & { reason: VoidReason; standing?: boolean; yes?: boolean }) =>
        open(async ({ petitions, scrutiny }, by) => {
          const petition = await getPetition(petitions, slug)
          const { reason, standing: isStanding = false, yes } = chosen
          const rule = ruleOf(chosen)
          const agree = asking<Starting>({
            yes,
            show: ({ matched }) => tellMatched(matched),
            question: 'Take them out of the count?',
            unasked: 'nothing was done: add --yes to take them out of the count',
          })
          const options = { rule, reason, isStanding, by, agree }
          const { id, signatures } = await scrutiny.start(petition, options, tellProgress)
          console.log(
            `Quarantine ${id} holds ${howMany(signatures, 'signature')}. "quarantine release ${slug} ${id}" takes it back.`,
          )
        }),
    )

  group
    .command('list <slug>')
    .description('all quarantines of a petition, the newest first')
    .action((slug: string) =>
      open(async ({ petitions, scrutiny }) => {
        const petition = await getPetition(petitions, slug)
        const all = await scrutiny.list(petition)
        const zone = zoneOf(petition)
        if (all.length === 0) console.log('There was no quarantine.')
        for (const each of all) {
          const { id, signatures, reason, rule, madeAt } = each
          console.log(
            [
              id,
              signatures,
              stateOf(each, zone),
              reason,
              toIso(madeAt, zone),
              formatRule(rule),
            ].join('\t'),
          )
        }
      }),
    )

  group
    .command('release <slug> <id>')
    .description('its signatures count again; also while they wait to be voided')
    .action((slug: string, id: string) =>
      open(async ({ petitions, scrutiny }, by) => {
        const petition = await getPetition(petitions, slug)
        const released = await scrutiny.release(petition, toId(id), by, tellProgress)
        console.log(`${howMany(released, 'signature counts', 'signatures count')} again.`)
      }),
    )

  group
    .command('void <slug> <id>')
    .description('void its signatures for good, in an hour: until then they can be released')
    .option('--yes', 'do it unasked')
    .action((slug: string, id: string, { yes }: { yes?: boolean }) =>
      open(async ({ petitions, scrutiny }, by) => {
        const petition = await getPetition(petitions, slug)
        const agree = asking<PlannedVoid>({
          yes,
          show({ figures }) {
            if (yes) return
            console.log(`${howMany(figures.signatures, 'signature')} of ${slug} would be voided.`)
          },
          question: 'Void them?',
          unasked: 'nothing was done: add --yes to void them',
        })
        const at = await scrutiny.planVoid(petition, toId(id), by, agree)
        console.log(
          `They are voided at ${writeMoment({ at, zone: zoneOf(petition) })}. Until then "quarantine release ${slug} ${id}" takes it back; after it nothing does.`,
        )
      }),
    )
}

function tellMatched({ forms, counting, logged, quarantined, of }: Matched): void {
  console.log(`forms\t${forms} of ${of}`)
  console.log(`signatures that count\t${counting}, ${logged} of them in the public log`)
  console.log(`in quarantine already\t${quarantined}`)
}

function stateOf(
  each: { endedAt: Date | null; voidAt: Date | null; isStanding: boolean },
  zone: Zone,
): string {
  if (each.endedAt) return each.voidAt ? 'voided' : 'released'
  if (each.voidAt) return `voided at ${toIso(each.voidAt, zone)}`
  return each.isStanding ? 'standing' : 'held'
}

function toId(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new CommandError(`"${text}" is no number of a quarantine: see "quarantine list"`)
}

/** Counts up on a terminal. */
function tellProgress(signatures: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${howMany(signatures, 'signature')}\n`)
}
