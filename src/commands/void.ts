import { type Command, Option } from 'commander'
import type { Actor } from '../actions/note-action.ts'
import { VOID_REASONS, type VoidReason } from '../log/core/entry/entry.ts'
import { readIndexes } from '../offline/audit/audit-input.ts'
import type { Petitions } from '../petition/petitions.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import type { Signatures } from '../signature/signatures.ts'
import type { NamedEntry, Voiding, VoidOutcome } from '../signature/void-signatures.ts'
import { asking } from './agree.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

const HELP = `
Entries are given by their index in the public log: "unseal" writes it as log_index, beside each signer. The
log says for ever that they were voided, when and why, and not whose they were. There is no way back.

  duplicate    the same person signed more than once: void all but one
  bot          signed by a program
  test         signed to try the page out
  ineligible   may not sign this petition
  request      the signer asked the organisers; a link to withdraw also erases

The name and the comment on the page and the address for updates go at once. It asks first; a script needs --yes.

Example:
  undersigned void my-petition 17,99 --reason duplicate --yes`

export function addVoidCommand(program: Command, open: Open): void {
  program
    .command('void')
    .description('void signatures, by the indexes of their entries in the log: they count no more')
    .argument('<slug>', 'the petition, as in its address')
    .argument('<entries>', 'indexes between commas, or a file of them')
    .addOption(
      new Option('--reason <reason>', 'the reason that the log gives')
        .choices(VOID_REASONS)
        .makeOptionMandatory(),
    )
    .option('--yes', 'do it unasked')
    .addHelpText('after', HELP)
    .action(async (slug: string, given: string, options: { reason: VoidReason; yes?: boolean }) => {
      const indexes = await readIndexes(given)
      await open((site, by) => runVoid(site, slug, indexes, { ...options, by }))
    })
}

async function runVoid(
  { petitions, signatures }: { petitions: Petitions; signatures: Signatures },
  slug: string,
  indexes: number[],
  { reason, yes, by }: { reason: VoidReason; yes?: boolean; by: Actor },
): Promise<void> {
  const petition = await getPetition(petitions, slug)
  const agree = asking<Voiding>({
    yes,
    show: ({ outcome }) => {
      if (!yes) tell(slug, outcome, { reason, done: false })
    },
    question: 'Void them? There is no way back.',
    unasked: 'nothing was voided: add --yes to do it. There is no way back',
  })
  const outcome = await signatures.void(petition, { indexes, reason }, by, agree)
  tell(slug, outcome, { reason, done: true })
  if (outcome.confirmed.length > 0) return
  throw new CommandError('none of these entries is a signature that counts')
}

const WORDS: Readonly<Record<Exclude<NamedEntry, 'confirmed'>, string>> = {
  'already voided': 'voided before',
  withdrawn: 'withdrawn by the signer',
  'of another petition': 'of another petition',
  'no signature': 'no signature',
  'beyond the log': 'beyond the end of the log',
}

function tell(
  slug: string,
  outcome: VoidOutcome,
  { reason, done }: { reason: VoidReason; done: boolean },
): void {
  const [one, many] = done ? ['is', 'are'] : ['would be', 'would be']
  const count = outcome.confirmed.length
  const voided = howMany(count, `signature of ${slug} ${one}`, `signatures of ${slug} ${many}`)
  console.log(`${voided} voided (${reason}).`)
  for (const [named, words] of Object.entries(WORDS)) {
    const indexes = outcome[named as NamedEntry]
    if (indexes.length > 0) console.log(`  left alone, ${words}: ${indexes.join(', ')}`)
  }
}
