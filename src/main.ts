#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { CommandError, open } from './command.ts'
import { ConfigError, readConfig } from './config.ts'
import { addCommentCommands } from './confirmation/public/comment.commands.ts'
import { addExportCommands } from './export/export.commands.ts'
import { addMigrateCommand } from './migrate.command.ts'
import { addPetitionCommands } from './petition/publishing/petition.commands.ts'
import { PetitionFilesError } from './petition/publishing/petition-files.ts'
import { EmbeddedPostgresError } from './platform/database/embedded/start-embedded.ts'
import { isDatabaseAway } from './platform/database/unavailable.ts'
import { KeyringError } from './platform/keyring.ts'
import { hideAddresses } from './platform/log.ts'
import { AssetsError } from './platform/web/assets.ts'
import { addUnsealingPageCommand } from './sealing/page/unsealing-page.command.ts'
import { PartnerNameError } from './sharing/create-partner-link.ts'
import { addLinkCommands } from './sharing/link.commands.ts'
import { type Role, StartError, start } from './start.ts'

const EXPECTED = [
  ConfigError,
  StartError,
  KeyringError,
  AssetsError,
  EmbeddedPostgresError,
  PetitionFilesError,
  PartnerNameError,
  CommandError,
]

const program = new Command('undersigned')
  .description('Petitions whose count anyone can check and whose list of signers nobody can seize')
  .exitOverride()
  .showHelpAfterError('(add --help for usage)')

const roles: Record<Role, string> = {
  start: 'web and worker in one process',
  web: 'web alone; any number may run',
  worker: 'worker alone: mail, counting, erasing; any number may run',
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
addExportCommands(program, open)
addUnsealingPageCommand(program)

async function serve(role: Role): Promise<void> {
  const running = await start(readConfig(process.env), role)
  console.log(['', 'Undersigned is running.', ...running.lines, ''].join('\n'))
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      )
    })
  }
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
