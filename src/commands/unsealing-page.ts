import type { Command } from 'commander'
import { addHandOutCommand } from './hand-out.ts'

const HELP = `
The page opens the list of signers without a network and without this program. The site doesn't serve
it, so that nobody who takes over the server can change it: give the file to the organisers by hand.`

/** Adds `unsealing-page`. */
export function addUnsealingPageCommand(program: Command): void {
  addHandOutCommand(program, {
    command: 'unsealing-page',
    description: 'the page with which organisers open the list of signers in a browser, offline',
    file: 'unseal.html',
    help: HELP,
    next: [
      'Next: compare this sum with the one that the release names, copy the file to a USB stick, and give',
      'it to the organisers together with the sum, on another way than the file. On a computer that they',
      'trust and that is off the network they check the sum and open the file in a browser:',
    ],
  })
}
