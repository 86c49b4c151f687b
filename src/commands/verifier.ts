import type { Command } from 'commander'
import { VERIFIER } from '../platform/web/assets.ts'
import { addHandOutCommand } from './hand-out.ts'

const HELP = `
The file verifies a site's log and receipts with Node.js 20 or newer and nothing else, as "verify" does.
The site doesn't serve it: who doubts a site must not get the check from it.`

/** Adds `verifier`. */
export function addVerifierCommand(program: Command): void {
  addHandOutCommand(program, {
    command: 'verifier',
    description: 'the verifier as one file, for those who check the log without this program',
    file: VERIFIER,
    help: HELP,
    next: [
      'Next: compare this sum with the one in docs/verifying.md of the same release, publish the file where',
      'people find it without your site, with a release for example, and give the sum on another way. They',
      `check the sum and run "node ${VERIFIER} --help":`,
    ],
  })
}
