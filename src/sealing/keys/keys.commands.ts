import { readFile } from 'node:fs/promises'
import { armor } from 'age-encryption'
import type { Command } from 'commander'
import type { Open } from '../../command.ts'
import { systemClock } from '../../platform/clock.ts'
import { openSealed } from '../age/open-sealed.ts'
import { createIdentity } from '../age/x25519-recipient.ts'
import { UnsealError } from '../unseal/unseal-error.ts'
import { generateKey, writeKeyFile } from './generate-key.ts'
import { readIdentities } from './read-identities.ts'
import { addRecipientCommands } from './recipient.commands.ts'

const advice = (recipient: string) => `
The line that begins with AGE-SECRET-KEY-1 is the private half. It was shown once and is kept nowhere.
  - Make it on a computer you trust, keep it offline: on a USB stick, printed, in two places.
  - Make at least two keys. Let one be a recovery key, held by somebody else in another country.
  - Never put a private half on the server, in a mail or in a chat.
  - Whoever has it can read everyone who signed. If all keys are lost, nobody can: not we, not
    anybody, ever.

The public half goes into petition.yaml:
recipients:
  - ${recipient}`

export function addKeysCommands(program: Command, open: Open): void {
  const keys = program
    .command('keys')
    .description("the organisers' keys, which alone open what signers wrote")

  keys
    .command('generate')
    .description('make a key: its private half is printed once, to be kept offline')
    .option(
      '--out <file>',
      'write the key to this file, for its owner alone, instead of printing it',
    )
    .action(async ({ out }: { out?: string }) => {
      const { recipient, text } = generateKey(systemClock.now())
      if (out) await writeKeyFile(out, text)
      else process.stdout.write(text)
      console.error(advice(recipient))
    })

  keys
    .command('answer <file>')
    .description('open a challenge offline and print the answer that is in it')
    .requiredOption('--identity <keyfile...>', 'the key file')
    .action(async (file: string, { identity }: { identity: string[] }) => {
      console.log(await answerChallenge(file, await readIdentities(identity)))
    })

  addRecipientCommands(keys, open)
}

async function answerChallenge(path: string, identities: string[]): Promise<string> {
  const file = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UnsealError(`${path} can't be read (${error.code}): check its name`)
  })
  const text = file.toString()
  const opened = await Promise.resolve()
    .then(() => (text.includes('-----BEGIN AGE') ? armor.decode(text) : file))
    .then((sealed) => openSealed(identities.map(createIdentity), sealed))
    .catch(() => {
      throw new UnsealError(`${path} is no challenge, or damaged: ask for it again`)
    })
  if (!opened) {
    throw new UnsealError(
      `${path} was made for another key: answer it with the key of its recipient`,
    )
  }
  return Buffer.from(opened).toString().trim()
}
