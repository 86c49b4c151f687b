import type { Command } from 'commander'
import type { Actor } from '../actions/note-action.ts'
import type { Petitions } from '../petition/petitions.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import type { Signatures } from '../signature/signatures.ts'
import type { Open } from './open-site.ts'

const HELP = `
A tag is the same for two signatures of one mailbox. The rules of src/platform/address/email-providers.ts make it;
sealed signatures can't be read to make theirs anew, but are still found, by the former rules, when their address is
typed. Run it after an update whose notes speak of changed rules, first with --rehearse.`

export function addTagsCommand(program: Command, open: Open): void {
  program
    .command('tags')
    .description('the tags by which a mailbox signs once')
    .command('recompute')
    .description('move signatures that are not sealed yet to the rules of this release')
    .option('--rehearse', 'count the signatures that would move, and change nothing')
    .addHelpText('after', HELP)
    .action(({ rehearse = false }: { rehearse?: boolean }) =>
      open((site, by) => runRecompute(site, { rehearse, by })),
    )
}

async function runRecompute(
  { petitions, signatures }: { petitions: Petitions; signatures: Signatures },
  { rehearse, by }: { rehearse: boolean; by: Actor },
): Promise<void> {
  const all = await petitions.all()
  if (all.length === 0) console.log('There is no petition.')
  for (const petition of all) {
    if (!petition.tagKey) {
      console.log(`${petition.slug}: archived, and so without tags that could be made anew`)
      continue
    }
    const { readable, moved, left, sealed } = await signatures.recomputeTags(
      petition,
      { rehearse },
      by,
    )
    console.log(
      `${petition.slug}: ${moved} of ${howMany(readable, 'readable signature')} ${rehearse ? 'would move' : 'moved'}; ` +
        `${howMany(left, 'stays as it is', 'stay as they are')}, where the mailbox has signed once more or gets updates; ` +
        `${howMany(sealed, 'is sealed and keeps its tag', 'are sealed and keep their tags')}`,
    )
  }
}
