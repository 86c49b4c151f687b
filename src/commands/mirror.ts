import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { howMany } from '../platform/terminal/how-many.ts'
import { CommandError, type Open } from './open-site.ts'
import { writeCopy } from './write-copy.ts'

const HELP = `
The copy holds the pages that are read, with pictures and styles, as files that any web server can give out, or a stick.
Its index.html has all languages to choose from. It can't be signed: each page says when it was made, and links the
site and its MIRRORS. Make it anew when texts have
changed; signers' names in it are those that were public at that time.

Example:
  undersigned mirror export --out copy`

const TOLD_EVERY = 50

export function addMirrorCommands(program: Command, open: Open): void {
  program
    .command('mirror')
    .description('the site under other names')
    .command('export')
    .description('a static copy of the pages that are read')
    .requiredOption('--out <folder>', 'a folder that is empty, or not there yet')
    .addHelpText('after', HELP)
    .action(({ out }: { out: string }) =>
      open(async (site) => {
        const folder = resolve(out)
        await refuseFilled(folder, out)
        const files = await writeCopy(site, folder, (written) => {
          if (written % TOLD_EVERY === 0) console.error(`${howMany(written, 'file')} …`)
        })
        console.log(`${out} has ${howMany(files, 'file')}: begin with ${join(out, 'index.html')}`)
      }),
    )
}

/** @throws CommandError */
async function refuseFilled(folder: string, named: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new CommandError(`${named} can't be written (${error.code}): give another folder`)
  })
  if (there.length > 0)
    throw new CommandError(`${named} is not empty: name a folder that is not there yet`)
}
