import { Command } from 'commander'
import { addPetitionCommands } from '../../src/commands/petition.ts'
import { ExpectedError } from '../../src/platform/expected-error.ts'
import type { Site } from '../../src/site.ts'

export interface Said {
  code: 0 | 1
  output: string
  errors: string
}

/** `undersigned petition …` on site that are open already, as a script calls it: nobody can be asked. */
export async function runPetitionCommand(site: Site, ...args: string[]): Promise<Said> {
  const program = new Command('undersigned').exitOverride()
  addPetitionCommands(
    program,
    (work) => work(site),
    async () => {},
  )
  const log = console.log
  let output = ''
  console.log = (line: string) => {
    output += `${line}\n`
  }
  try {
    await program.parseAsync(['petition', ...args], { from: 'user' })
    return { code: 0, output, errors: '' }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    return { code: 1, output, errors: error.message }
  } finally {
    console.log = log
  }
}
