import type { Command } from 'commander'
import { type Stdout, writeToStdout } from '../../platform/files/write-out.ts'
import { openLog } from './audit-input.ts'
import { addCheckCommand } from './check.command.ts'
import { addDrawCommand } from './draw.command.ts'

const HELP = `
A sample tells how many signatures of all are bad at most. Who does what, and what it proves, is in
docs/auditing.md. In short:

  1. The organisers, or anyone, publish a checkpoint: what <site>/log/checkpoint says now.
  2. After that a random value becomes known that nobody may choose.
  3. The auditor draws:                    audit draw
  4. The organisers open what was drawn:   unseal --only draw.json --format audit
  5. The auditor writes to these people, and concludes:   audit check`

/** Commands that need no server of their own, no database and no settings. */
export function addAuditCommands(program: Command, stdout: Stdout = process.stdout): void {
  const group = program
    .command('audit')
    .description('bound the share of bad signatures by a random sample')
    .addHelpText('after', HELP)
  const print = (lines: string[]) => writeToStdout(stdout, `${lines.join('\n')}\n`)
  addDrawCommand(group, openLog, print)
  addCheckCommand(group, openLog, print)
}
