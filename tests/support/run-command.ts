import { Command } from 'commander'
import type { Open } from '../../src/commands/open-site.ts'
import { addPetitionCommands } from '../../src/commands/petition.ts'
import { ExpectedError } from '../../src/platform/expected-error.ts'
import type { Site } from '../../src/site.ts'
import { TESTER } from './tester.ts'

export interface Said {
  code: 0 | 1
  output: string
  errors: string
}

/** `undersigned petition …` on a site that is open already, as a script calls it: nobody can be asked. */
export const runPetitionCommand = (site: Site, ...args: string[]): Promise<Said> =>
  runCommand(site, (program, open) => addPetitionCommands(program, open, async () => {}), [
    'petition',
    ...args,
  ])

/** A command on a site that is open already, without a process of its own. */
export async function runCommand(
  site: Site,
  add: (program: Command, open: Open) => unknown,
  line: string[],
): Promise<Said> {
  const program = new Command('undersigned').exitOverride()
  add(program, (work) => work(site, TESTER))
  const log = console.log
  let output = ''
  console.log = (text: string) => {
    output += `${text}\n`
  }
  try {
    await program.parseAsync(line, { from: 'user' })
    return { code: 0, output, errors: '' }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    return { code: 1, output, errors: error.message }
  } finally {
    console.log = log
  }
}
