import type { Command } from 'commander'
import type { ProgressStream } from '../../platform/terminal/show-progress.ts'
import type { HandOver, HandOverFormat } from './hand-over.ts'
import { readSubscribers } from './read-subscribers.ts'

export const HAND_OVER_HELP = `For a mailing tool, --format actionnetwork, civicrm, mailchimp or listmonk writes a CSV with its columns. Signing is no
consent to a newsletter: give with --subscribers the list of today ("undersigned subscriber export", sealed or opened),
and only those go into the file; --everyone takes all who signed, for whom you need a reason of your own.`

const NEEDS_ONE =
  'error: signing a petition is no consent to a newsletter, so a mailing tool gets only those who asked for mail: give their list with --subscribers (see "undersigned subscriber export"), or say --everyone if you have another right to write to all'

/** @throws CommanderError when nothing says whom the tool may have, UnsealError when the list can't be read */
export async function openHandOver(
  command: Command,
  format: HandOverFormat,
  { subscribers, everyone = false }: { subscribers?: string; everyone?: boolean },
  identities: string[],
): Promise<HandOver> {
  if (subscribers === undefined && !everyone) command.error(NEEDS_ONE, { exitCode: 2 })
  if (subscribers !== undefined && everyone && format !== 'civicrm') {
    command.error(
      'error: --subscribers and --everyone together are for civicrm, which has a field for whom not to mail',
      { exitCode: 2 },
    )
  }
  return {
    subscribers: subscribers === undefined ? null : await readSubscribers(subscribers, identities),
    everyone,
    left: { notSubscribed: 0, unwritable: 0 },
  }
}

/** @returns how many records are not in the file */
export function tellHandOver({ everyone, left }: HandOver, stderr: ProgressStream): number {
  const { notSubscribed, unwritable } = left
  if (everyone) {
    stderr.write(
      'Everybody who signed is in it, also who never asked for mail: signing is no consent to a newsletter.\n',
    )
  }
  if (notSubscribed > 0) {
    stderr.write(`${notSubscribed} are not on the list of subscribers and were left out.\n`)
  }
  if (unwritable > 0) {
    stderr.write(
      `${unwritable} have an address that this tool doesn't take, or that a spreadsheet would run as a formula, and were left out.\n`,
    )
  }
  return notSubscribed + unwritable
}
