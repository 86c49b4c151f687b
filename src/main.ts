#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { pino } from 'pino'
import { CommandError, open } from './command.ts'
import { ConfigError, readConfig } from './config.ts'
import { addCommentCommands } from './confirmation/public/comment.commands.ts'
import { addExportCommands } from './export/export.commands.ts'
import { ExportError } from './export/export-error.ts'
import { addAuditCommands } from './log/audit/audit.commands.ts'
import { AuditError } from './log/audit/audit-error.ts'
import { addLogCommands } from './log/log.commands.ts'
import { LogRefusal } from './log/sequencing/log-writer.ts'
import { defaultStateFolder } from './log/verify/state/kept-log.ts'
import { addVerifyCommand } from './log/verify/verify.command.ts'
import { VerifyError } from './log/verify/verify-error.ts'
import { addWitnessCommand } from './log/witness/witness.command.ts'
import { WitnessError } from './log/witness/witness-error.ts'
import { addMigrateCommand } from './migrate.command.ts'
import { addPetitionCommands } from './petition/publishing/petition.commands.ts'
import { PetitionFilesError } from './petition/publishing/petition-files.ts'
import { DataDirError } from './platform/data-dir.ts'
import { EmbeddedPostgresError } from './platform/database/embedded/start-embedded.ts'
import { isDatabaseAway } from './platform/database/unavailable.ts'
import { KeyringError } from './platform/keyring.ts'
import { hideAddresses, logOptions } from './platform/log.ts'
import { AssetsError } from './platform/web/assets.ts'
import { addExportSignaturesCommand } from './sealing/export/export-signatures.command.ts'
import { addKeysCommands } from './sealing/keys/keys.commands.ts'
import { addUnsealingPageCommand } from './sealing/page/unsealing-page.command.ts'
import { addUnsealCommands } from './sealing/unseal/unseal.commands.ts'
import { UnsealError } from './sealing/unseal/unseal-error.ts'
import { PartnerNameError } from './sharing/create-partner-link.ts'
import { addLinkCommands } from './sharing/link.commands.ts'
import { type Role, StartError, start } from './start.ts'
import { untilAskedToStop } from './until-asked-to-stop.ts'
import { addVoidCommand } from './voiding/void.commands.ts'
import { isSupervisor, superviseProcesses, tellsWhatRuns } from './web-processes.ts'

/** Then we exit all the same; PostgreSQL, asked by then, ends by itself. */
const STOP_PATIENCE_MS = 30_000

const EXPECTED = [
  ConfigError,
  StartError,
  DataDirError,
  KeyringError,
  AssetsError,
  EmbeddedPostgresError,
  PetitionFilesError,
  PartnerNameError,
  CommandError,
  UnsealError,
  ExportError,
  LogRefusal,
  AuditError,
  WitnessError,
  VerifyError,
]

const runByNpm = process.env.npm_lifecycle_event !== undefined

const program = new Command('undersigned')
  .description('Petitions whose count anyone can check and whose list of signers nobody can seize')
  .exitOverride()
  .configureOutput({
    outputError: (text, write) => write(text.replace(/^error: /, 'undersigned: ')),
  })

const roles: Record<Role, string> = {
  start: 'web and worker in one process',
  web: 'web alone; any number may run',
  worker: 'worker alone: mail, sealing, counting, erasing; any number may run',
}
for (const [role, description] of Object.entries(roles)) {
  program
    .command(role)
    .description(description)
    .action(() => serve(role as Role))
}

addMigrateCommand(program)
addPetitionCommands(program, open)
addLinkCommands(program, open)
addCommentCommands(program, open)
addKeysCommands(program, open)
addLogCommands(program, open)
addUnsealCommands(program)
addExportSignaturesCommand(addExportCommands(program, open), open)
addUnsealingPageCommand(program)
addVerifyCommand(program, defaultStateFolder(process.env))
addAuditCommands(program)
addVoidCommand(program, open)
addWitnessCommand(program, () => untilAskedToStop({ runByNpm }))
hintAtHelp(program, program.name())

/** After a wrong use: the help of the very command that was meant. */
function hintAtHelp(command: Command, path: string): void {
  command.showHelpAfterError(`(${path} --help shows the usage)`)
  for (const sub of command.commands) hintAtHelp(sub, `${path} ${sub.name()}`)
}

async function serve(role: Role): Promise<void> {
  const askedToStop = untilAskedToStop({ runByNpm })
  // Asked in the middle of the start, we first finish it: what it began can then be ended in order.
  askedToStop.then(() => setTimeout(() => process.exit(1), STOP_PATIENCE_MS))
  const config = readConfig(process.env)
  if (role === 'web' && isSupervisor(config.webProcesses)) {
    process.exit(
      await superviseProcesses(config.webProcesses, askedToStop, pino(logOptions(config.logLevel))),
    )
  }
  const running = await start(config, role)
  if (tellsWhatRuns()) {
    console.log(['', 'Undersigned is running.', ...running.lines, ''].join('\n'))
  }
  await askedToStop
  await running.stop()
  process.exit(0)
}

/** One line: what, why, what to do. A stack only for what nobody foresaw, and only when asked for. */
function fail(error: unknown): never {
  if (error instanceof CommanderError) {
    process.exit(error.exitCode === 0 ? 0 : 2)
  }
  const message = error instanceof Error ? error.message : String(error)
  if (EXPECTED.some((kind) => error instanceof kind)) console.error(`undersigned: ${message}`)
  else if (isDatabaseAway(error)) {
    console.error('undersigned: the database does not answer: check DATABASE_URL and that it runs')
  } else {
    console.error(`undersigned: unexpected: ${hideAddresses(message)}`)
    if (process.env.LOG_LEVEL === 'debug') console.error((error as Error).stack)
  }
  process.exit(1)
}

program.parseAsync().catch(fail)
