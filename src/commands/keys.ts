import type { Command } from 'commander'
import { answerChallenge } from '../offline/unseal/answer-challenge.ts'
import { generateKey, writeKeyFile } from '../offline/unseal/generate-key.ts'
import { collectValues } from '../offline/unseal/unseal-options.ts'
import { recipientsOf } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { systemClock } from '../platform/clock.ts'
import { type Stdout, writeToStdout } from '../platform/files/write-out.ts'
import { parseRecipient } from '../sealing/age/recipient.ts'
import type { Recipients } from '../sealing/recipients.ts'
import { CommandError, type Open } from './open-site.ts'

const GENERATE_HELP = `
Examples:
  undersigned keys generate                 shows the key once, to be written down or copied
  undersigned keys generate --out key.txt   writes it, readable for you alone; best onto a USB stick`

const ANSWER_HELP = `
Works offline, where the key is kept. "age --decrypt --identity key.txt challenge.age" does the same.

Example:
  undersigned keys answer challenge.age --identity key.txt`

const CHALLENGE_HELP = `
The holder of the key opens the file where the key is kept, offline:
  undersigned keys answer challenge.age --identity key.txt     (or: age --decrypt -i key.txt challenge.age)
and sends back the line in it. Then: undersigned keys prove <recipient> <answer>`

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
    .description("the organisers' keys, which alone decrypt the signers' data")

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
  - Its holder can read the data of everyone who signed. If all keys are lost, nobody ever can.

The public half goes into petition.yaml, with that of every other key:
recipients:
  - ${recipient}`

/** Adds the half that runs on the server. */
function addRecipientCommands(keys: Command, open: Open): void {
  keys
    .command('challenge <recipient>')
    .description("print a file that only the recipient's holder can open")
    .addHelpText('after', CHALLENGE_HELP)
    .action((recipient: string) =>
      open(async ({ recipients }) => {
        console.log((await recipients.makeChallenge(checked(recipient))).trimEnd())
      }),
    )

  keys
    .command('prove <recipient> <answer>')
    .description('note that its holder has opened the challenge: petitions may be sealed to it')
    .action((recipient: string, answer: string) =>
      open(async ({ recipients, petitions }, by) => {
        if (!(await recipients.prove(checked(recipient), answer, by))) {
          throw new CommandError(
            `this is not the answer: "undersigned keys answer" prints it where the key is, from the file that "undersigned keys challenge ${recipient}" made on this server`,
          )
        }
        petitions.drop()
        console.log(`${recipient} is proved.`)
      }),
    )

  keys
    .command('list')
    .description('every recipient, whether it is proved, and the petitions sealed to it')
    .action(() => open(listRecipients))
}

async function listRecipients({
  recipients,
  petitions,
}: {
  recipients: Recipients
  petitions: Petitions
}): Promise<void> {
  const proved = await recipients.listProved()
  const all = await petitions.all()
  const known = new Set([...proved, ...all.flatMap(recipientsOf)])
  if (known.size === 0) console.log('No recipient yet. Make a key: undersigned keys generate')
  for (const recipient of known) {
    const used = all.filter((petition) => recipientsOf(petition).includes(recipient))
    const state = proved.includes(recipient) ? 'proved' : 'not proved'
    console.log(`${recipient}\t${state}\t${used.map(({ slug }) => slug).join(', ') || '(unused)'}`)
  }
}

function checked(recipient: string): string {
  if (parseRecipient(recipient)) return recipient
  throw new CommandError(
    `"${recipient.slice(0, 80)}" is no public key: it begins with age1, and a mistyped letter breaks it`,
  )
}
