/**
 * The verifier as a program of its own, bundled into one file by bundle-verifier.ts: neither the rest of
 * the program nor its packages are needed to run it.
 */
import { relative } from 'node:path'
import { Command, CommanderError } from 'commander'
import { ExpectedError } from '../../platform/expected-error.ts'
import { escapeLines, guardConsole } from '../../platform/terminal/escape-unsafe.ts'
import { defaultStateFolder } from './kept-log.ts'
import { defineVerify } from './verify.command.ts'

const NAME = 'undersigned-verify'
/** As the program of the whole site has them: for wrong use, and for all that failed. */
const WRONG_USE = 2
const FAILED = 1

const called = `node ${asTyped(process.argv[1]!)}`
const program = new Command(called).exitOverride().configureOutput({
  outputError: (text, write) => write(escapeLines(text.replace(/^error: /, `${NAME}: `))),
})

guardConsole()
defineVerify(program, { called, stateFolder: defaultStateFolder(process.env) })
program.showHelpAfterError(`(${called} --help shows the usage)`)

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : WRONG_USE)
  const message = error instanceof Error ? error.message : String(error)
  console.error(`${NAME}: ${error instanceof ExpectedError ? '' : 'unexpected: '}${message}`)
  process.exit(FAILED)
})

/** Relative to the current folder, so that the printed command can be typed again. */
function asTyped(path: string): string {
  const short = relative(process.cwd(), path)
  return /\s/.test(short) ? `"${short}"` : short
}
