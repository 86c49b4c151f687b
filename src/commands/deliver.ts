import type { Command } from 'commander'
import { ORGANISERS } from '../delivery/make-list.ts'
import { writeFileWhole } from '../platform/files/write-out.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { readPublicFile, VERIFIER } from '../platform/web/assets.ts'
import { asking } from './agree.ts'
import { getPetition, type Open } from './open-site.ts'

const HELP = `
Writes two ZIPs. The one of --out is handed over as it is: a letter as PDF in each language of the petition, the figures
for machines, the public log in the state that certifies the number, the verifier, and a README in each language. No
figure in it is finer than those that everybody sees, and it holds none of the server's keys. The other, whose name ends
in -${ORGANISERS}.zip, stays with the organisers: the list of signers and the scans of sheets, encrypted to
them. --without-list leaves it out.

While links that were mailed still confirm, the number may grow after the letter is written: the command then says until
when they do, and asks; a script needs --yes.

Example:
  undersigned deliver pack cop29-baku --out cop29-baku.zip
  unzip cop29-baku.zip && cd cop29-baku-* && sha256sum -c SHA256SUMS`

interface Given {
  out: string
  withoutList?: boolean
  yes?: boolean
}

export function addDeliverCommands(program: Command, open: Open): void {
  program
    .command('deliver')
    .description('hand a petition over to those it is addressed to')
    .command('pack <slug>')
    .description('letters, figures and proofs in one ZIP, and the sealed list in another')
    .requiredOption('--out <file>', 'write this file, whole or not at all')
    .option('--without-list', 'leave out the list of signers and the scans of sheets')
    .option('--yes', 'write them unasked, although links still confirm')
    .addHelpText('after', HELP)
    .action((slug: string, { out, withoutList, yes }: Given) =>
      open(async ({ petitions, delivery, signatures, db }, by) => {
        const petition = await getPetition(petitions, slug)
        const verifier = { name: VERIFIER, bytes: readPublicFile(VERIFIER) }
        const kept = `${out.replace(/\.zip$/i, '')}-${ORGANISERS}.zip`
        // Each is told as soon as it is there: the disk may be full before the second.
        const writeTo = (path: string, what: string) => async (zip: AsyncIterable<Uint8Array>) => {
          await writeFileWhole(path, zip, { mode: 0o600 })
          console.log(`${path} is written: ${what}.`)
        }
        const write = {
          pack: writeTo(out, 'hand it over as it is'),
          list: withoutList ? null : writeTo(kept, 'it is yours alone, with what is sealed to you'),
        }
        const agree = asking({
          yes,
          question: ({ losses: [open] }) => `${open}. Write the letter with the number of now?`,
          unasked: ({ losses: [open] }) =>
            `${open}: the letter's number may not stay. Wait for their end, or add --yes to write it as of now`,
        })
        const { certified, withList, open } = await delivery.pack(
          petition,
          { verifier, by, agree },
          write,
        )
        console.log(`The log certifies ${howMany(certified, 'signature')}.`)
        if (open) console.log(`Its number may still grow: ${open}.`)
        if (!withList) return
        if (await signatures.waitsForSealing(db, petition.id)) {
          console.error('Some confirmed signatures are not sealed yet and not in its list.')
        }
      }),
    )
}
