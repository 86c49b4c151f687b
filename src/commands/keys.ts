import type { Command } from 'commander'
import { answerChallenge } from '../offline/unseal/answer-challenge.ts'
import { generateKey, writeKeyFile } from '../offline/unseal/generate-key.ts'
import { collectValues } from '../offline/unseal/unseal-options.ts'
import { systemClock } from '../platform/clock.ts'
import { type Stdout, writeToStdout } from '../platform/files/write-out.ts'
import type { Open } from './open-site.ts'
import { addRecipientCommands } from './recipients.ts'

const GENERATE_HELP = `
Examples:
  undersigned keys generate                 shows the key once, to be written down or copied
  undersigned keys generate --out key.txt   writes it, readable for you alone; best onto a USB stick`

const ANSWER_HELP = `
Works offline, where the key is kept. "age --decrypt --identity key.txt challenge.age" does the same.

Example:
  undersigned keys answer challenge.age --identity key.txt`

/**
 * Adds the `keys` group: its offline half works without a server, a database or settings.
 * @returns the group
 */
export function addKeysCommands(
  program: Command,
  open: Open,
  stdout: Stdout = process.stdout,
): Command {
  const keys = program
    .command('keys')
    .description("the organisers' keys, which alone open what signers wrote")

  keys
    .command('generate')
    .description('make a key: its private half is printed once, to be kept offline')
    .option('--out <file>', 'write the key to this file, for its owner alone; never over another')
    .addHelpText('after', GENERATE_HELP)
    .action(async ({ out }: { out?: string }) => {
      const { recipient, text } = generateKey(systemClock.now())
      if (out) await writeKeyFile(out, text)
      else await writeToStdout(stdout, text)
      console.error(advise(recipient, out))
    })

  keys
    .command('answer <file>')
    .description('open a challenge offline and print the answer that is in it')
    .requiredOption(
      '--identity <keyfile>',
      'the key file; may be given several times',
      collectValues,
    )
    .addHelpText('after', ANSWER_HELP)
    .action(async (file: string, { identity }: { identity: string[] }) => {
      await writeToStdout(stdout, `${await answerChallenge(file, identity)}\n`)
    })

  addRecipientCommands(keys, open)
  return keys
}

const advise = (recipient: string, out?: string) => `
The line that begins with AGE-SECRET-KEY-1 is the private half. ${
  out ? `It is in ${out} and nowhere else.` : 'It was shown once and is kept nowhere.'
}
  - Make it on a computer you trust, keep it offline: on a USB stick, printed, in two places.
  - Make at least two keys. Let one be a recovery key, held by somebody else in another country.
  - Never put a private half on the server, in a mail or in a chat.
  - Whoever has it can read everyone who signed. If all keys are lost, nobody can: not we, not
    anybody, ever.

The public half goes into petition.yaml, with that of every other key:
recipients:
  - ${recipient}`
