import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { parseRecipient } from '../age/recipient.ts'
import { readIdentities } from '../keys/read-identities.ts'
import { type ListFormat, listFormats } from './format-list.ts'
import type { Report } from './report.ts'
import { UnsealError } from './unseal-error.ts'
import { resealFile, unsealFile } from './unseal-file.ts'

interface FileOptions {
  identity: string[]
  out: string
  salvage?: boolean
  force?: boolean
}

const UNSEAL_HELP = `
Works offline, without a server or a database. Every record is checked against what was committed to
when it was confirmed; what is wrong is listed by id, and the rest is written.

Example, on a computer you trust:
  undersigned unseal signatures.jsonl --identity key.txt --format csv --out signers.csv`

const RESEAL_HELP = `
For a change of keys: give the old key, and every new recipient. Works offline.

Example:
  undersigned reseal signatures.jsonl --identity old-key.txt --to age1… --to age1… --out resealed.jsonl`

/** Commands that need no server, no database and no settings. */
export function addUnsealCommands(program: Command): void {
  const common = (command: Command) =>
    command
      .argument('<file>', 'what "undersigned export signatures" wrote')
      .requiredOption('--identity <keyfile...>', 'key files; one that fits is enough')
      .requiredOption('--out <file>', 'write this file, whole or not at all')
      .option('--salvage', 'take what is there of a file that was cut short')
      .option('--force', 'replace the file if it is there')

  common(program.command('unseal').description('open sealed records with the organisers’ key'))
    .addOption(new Option('--format <format>').choices(listFormats).default('csv'))
    .addHelpText('after', UNSEAL_HELP)
    .action(async (file: string, options: FileOptions & { format: ListFormat }) => {
      const identities = await prepare(options)
      const { out, format, salvage = false } = options
      tell(await unsealFile(file, identities, { out, format, salvage }), out)
    })

  common(program.command('reseal').description('seal sealed records to other keys'))
    .requiredOption('--to <recipient...>', 'a new recipient (age1…); give every one')
    .addHelpText('after', RESEAL_HELP)
    .action(async (file: string, options: FileOptions & { to: string[] }) => {
      const wrong = options.to.find((recipient) => !parseRecipient(recipient))
      if (wrong) {
        throw new UnsealError(
          `--to "${wrong.slice(0, 80)}" is no public key: it begins with age1, and a wrong letter breaks it`,
        )
      }
      const identities = await prepare(options)
      const { out, salvage = false } = options
      tell(await resealFile(file, { identities, recipients: options.to }, { out, salvage }), out)
    })
}

async function prepare({ identity, out, force }: FileOptions): Promise<string[]> {
  const identities = await readIdentities(identity)
  if (!force && existsSync(out)) {
    throw new UnsealError(`${out} is there already: choose another --out, or add --force`)
  }
  return identities
}

function tell(report: Report, out: string): void {
  for (const line of report.lines()) console.error(line)
  console.error(`${report.opened()} records written to ${out}.`)
  if (report.leftOut() > 0) {
    throw new UnsealError(
      `${report.leftOut()} records are not in ${out}: the lines above say which and why`,
    )
  }
}
