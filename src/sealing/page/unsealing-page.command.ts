import { createHash } from 'node:crypto'
import type { Command } from 'commander'
import { writeFileWhole } from '../../export/write-out.ts'
import { readPublicFile } from '../../platform/web/assets.ts'

const HELP = `
The page opens the list of signers without a network and without this program. The site doesn't serve
it, so that nobody who takes over the server can change it: give the file to the organisers by hand.`

/** Adds `unsealing-page`. */
export function addUnsealingPageCommand(
  program: Command,
  print: (text: string) => void = console.log,
): void {
  program
    .command('unsealing-page')
    .description('the page with which organisers open the list of signers in a browser, offline')
    .requiredOption('--out <file>', 'write this file, whole or not at all')
    .addHelpText('after', HELP)
    .action(async ({ out }: { out: string }) => {
      const page = readPublicFile('unseal.html')
      await writeFileWhole(out, page)
      print(describe(out, createHash('sha256').update(page).digest('hex')))
    })
}

function describe(out: string, sha256: string): string {
  return [
    `${out} is written.`,
    '',
    `SHA-256: ${sha256}`,
    '',
    'Next: compare this sum with the one that the release names, copy the file to a USB stick, and give',
    'it to the organisers together with the sum, on another way than the file. On a computer that they',
    'trust and that is off the network they check the sum and open the file in a browser:',
    '  Linux: sha256sum FILE   macOS: shasum -a 256 FILE   Windows: certutil -hashfile FILE SHA256',
  ].join('\n')
}
