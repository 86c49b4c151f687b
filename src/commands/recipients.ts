import type { Command } from 'commander'
import { recipientsOf } from '../petition/petition.ts'
import { parseRecipient } from '../sealing/age/recipient.ts'
import { listProvedRecipients, makeChallenge, proveRecipient } from '../sealing/prove-recipient.ts'
import type { Site } from '../site.ts'
import { CommandError, type Open } from './open-site.ts'

const CHALLENGE_HELP = `
The holder of the key opens the file where the key is kept, offline:
  undersigned keys answer challenge.age --identity key.txt     (or: age --decrypt -i key.txt challenge.age)
and sends back the line in it. Then: undersigned keys prove <recipient> <answer>`

/** Adds what the server's side of the keys needs to the `keys` group. */
export function addRecipientCommands(keys: Command, open: Open): void {
  keys
    .command('challenge <recipient>')
    .description("print a file that only the recipient's holder can open")
    .addHelpText('after', CHALLENGE_HELP)
    .action((recipient: string) =>
      open(async ({ keyring }) => {
        console.log((await makeChallenge(keyring, checked(recipient))).trimEnd())
      }),
    )

  keys
    .command('prove <recipient> <answer>')
    .description('note that its holder has opened the challenge: petitions may be sealed to it')
    .action((recipient: string, answer: string) =>
      open(async (site) => {
        if (!(await proveRecipient(site.db, site, checked(recipient), answer))) {
          throw new CommandError(
            'this is not the answer: it stands in the file that "undersigned keys challenge" printed for this recipient on this server',
          )
        }
        site.petitions.drop()
        console.log(`${recipient} is proved.`)
      }),
    )

  keys
    .command('list')
    .description('every recipient, whether it is proved, and the petitions sealed to it')
    .action(() => open(listRecipients))
}

async function listRecipients({ db, petitions }: Site): Promise<void> {
  const proved = await listProvedRecipients(db)
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
