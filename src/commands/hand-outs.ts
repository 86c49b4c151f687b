import type { Command } from 'commander'
import { writeFileWhole } from '../platform/files/write-out.ts'
import { readPublicFile, sumOfPublicFile, VERIFIER } from '../platform/web/assets.ts'

const PAGE_HELP = `
The page opens the list of signers without a network and without this program. The site doesn't serve
it, so that nobody who takes over the server can change it: give the file to the organisers by hand.`

export function addUnsealingPageCommand(program: Command): void {
  addHandOutCommand(program, {
    command: 'unsealing-page',
    description: 'the page with which organisers open the list of signers in a browser, offline',
    file: 'unseal.html',
    help: PAGE_HELP,
    next: [
      'Next: compare this sum with the one that the release names, copy the file to a USB stick, and give',
      'it to the organisers together with the sum, on another way than the file. On a computer that they',
      'trust and that is off the network they check the sum and open the file in a browser:',
    ],
  })
}

const VERIFIER_HELP = `
The file verifies a site's log and receipts with Node.js 20 or newer and nothing else, as "verify" does.
The site doesn't serve it: anyone who doubts a site must get the check from elsewhere.`

export function addVerifierCommand(program: Command): void {
  addHandOutCommand(program, {
    command: 'verifier',
    description: 'the verifier as one file, for those who check the log without this program',
    file: VERIFIER,
    help: VERIFIER_HELP,
    next: [
      'Next: compare this sum with the one in docs/verifying.md of the same release, publish the file where',
      'people find it without your site, with a release for example, and give the sum on another way. They',
      `check the sum and run "node ${VERIFIER} --help":`,
    ],
  })
}

/** A file that the build made and the site doesn't serve. */
interface HandOut {
  command: string
  description: string
  /** Its name in public/. */
  file: string
  help: string
  /** The next steps, line by line. */
  next: string[]
}

/** Adds a command that writes the file and prints its SHA-256. */
function addHandOutCommand(
  program: Command,
  { command, description, file, help, next }: HandOut,
): void {
  program
    .command(command)
    .description(description)
    .requiredOption('--out <file>', 'write this file, whole or not at all')
    .addHelpText('after', help)
    .action(async ({ out }: { out: string }) => {
      await writeFileWhole(out, readPublicFile(file))
      const lines = [
        `${out} is written.`,
        '',
        `SHA-256: ${sumOfPublicFile(file)}`,
        '',
        ...next,
        SUMS,
      ]
      console.log(lines.join('\n'))
    })
}

const SUMS =
  '  Linux: sha256sum FILE   macOS: shasum -a 256 FILE   Windows: certutil -hashfile FILE SHA256'
