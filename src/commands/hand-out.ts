import type { Command } from 'commander'
import { writeFileWhole } from '../platform/files/write-out.ts'
import { readPublicFile, sumOfPublicFile } from '../platform/web/assets.ts'

/** A file that the build made and the site doesn't serve. */
export interface HandOut {
  command: string
  description: string
  /** Its name in public/. */
  file: string
  help: string
  /** What to do with it, line by line. */
  next: string[]
}

/** Adds a command that writes the file and prints its SHA-256. */
export function addHandOutCommand(
  program: Command,
  { command, description, file, help, next }: HandOut,
  print: (text: string) => void = console.log,
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
      print(lines.join('\n'))
    })
}

const SUMS =
  '  Linux: sha256sum FILE   macOS: shasum -a 256 FILE   Windows: certutil -hashfile FILE SHA256'
