#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { pino } from 'pino'
import { addCommands } from './commands/add-commands.ts'
import { readConfig } from './config.ts'
import { CalledOff } from './platform/database/await-database.ts'
import { isDatabaseAway } from './platform/database/unavailable.ts'
import { ExpectedError } from './platform/expected-error.ts'
import { hideAddresses, logOptions } from './platform/logger.ts'
import { openLog } from './platform/open-log.ts'
import { escapeLines, guardConsole } from './platform/terminal/escape-unsafe.ts'
import { untilAskedToStop } from './platform/terminal/until-asked-to-stop.ts'
import { watchFaults } from './platform/watch-faults.ts'
import { isSupervisor, superviseProcesses, tellsWhatRuns } from './platform/web/web-processes.ts'
import type { Role } from './start.ts'

/** So long after the drain we exit all the same; PostgreSQL has been asked to stop and ends by itself. */
const STOP_PATIENCE_MS = 30_000

/** Keeps people from fetching a package of that name: the project publishes none. */
const HELP = `
"undersigned" stands for "npm run undersigned --" in a checkout and "node dist/src/main.js" in the image.`

const runByNpm = process.env.npm_lifecycle_event !== undefined

const program = new Command('undersigned')
  .description('Petitions whose count anyone can check and whose list of signers nobody can seize')
  .exitOverride()
  .addHelpText('afterAll', HELP)
  .configureOutput({
    outputError: (text, write) => write(escapeLines(text.replace(/^error: /, 'undersigned: '))),
  })

guardConsole()

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

async function run(): Promise<void> {
  await addCommands(program, process.argv[2], () => untilAskedToStop({ runByNpm }))
  hintAtHelp(program, program.name())
  await program.parseAsync()
}

/** After a wrong use, points at the help of the command that was called. */
function hintAtHelp(command: Command, path: string): void {
  command.showHelpAfterError(`(${path} --help shows the usage)`)
  for (const sub of command.commands) hintAtHelp(sub, `${path} ${sub.name()}`)
}

async function serve(role: Role): Promise<void> {
  const askedToStop = untilAskedToStop({ runByNpm })
  const config = readConfig(process.env)
  const patience = config.drainSeconds * 1000 + STOP_PATIENCE_MS
  // Asked in the middle of a start, we finish the start first, so that everything ends in order.
  askedToStop.then(() => setTimeout(() => process.exit(1), patience))
  const logger = pino(logOptions(config.logLevel), openLog(role === 'start' ? 1 : 2))
  const broken = watchFaults(logger).then(() => 1)
  if (role === 'web' && isSupervisor(config.webProcesses)) {
    process.exit(await superviseProcesses(config.webProcesses, askedToStop, logger))
  }
  // Loaded late: a quick command does without the whole site.
  const { start } = await import('./start.ts')
  const running = await start(config, role, askedToStop)
  if (tellsWhatRuns()) {
    console.log(['', 'Undersigned is running.', ...running.lines, ''].join('\n'))
    if (running.closed) console.error(`undersigned: ${running.closed}`)
    void running.mail.then((trouble) => {
      if (trouble) console.error(`undersigned: mails wait: ${trouble}`)
    })
  }
  const code = await Promise.race([askedToStop.then(() => 0), broken])
  if (code > 0) setTimeout(() => process.exit(code), patience)
  await running.stop()
  process.exit(code)
}

/** One line: what, why, what to do. A stack only for unforeseen errors, with LOG_LEVEL=debug. */
function fail(error: unknown): never {
  if (error instanceof CommanderError) {
    process.exit(error.exitCode === 0 ? 0 : 2)
  }
  if (error instanceof CalledOff) process.exit(0)
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof ExpectedError) console.error(`undersigned: ${message}`)
  else if (isDatabaseAway(error)) {
    console.error('undersigned: the database does not answer: check DATABASE_URL and that it runs')
  } else {
    console.error(`undersigned: unexpected: ${hideAddresses(message)}`)
    if (process.env.LOG_LEVEL === 'debug') console.error((error as Error).stack)
  }
  process.exit(1)
}

run().catch(fail)
