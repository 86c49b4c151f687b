import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addImportCommands } from '../../src/commands/import.ts'
import { addJob } from '../../src/platform/jobs/add-job.ts'
import { DEMO, getDemo } from './demo.ts'
import type { Harness } from './harness.ts'
import { listEntries } from './public-log.ts'
import { runCommand } from './run-command.ts'
import { temporaryFolder } from './temporary-folder.ts'

const quiet = { write: () => {} }

/** An organiser who brings people in from files, and mailboxes that nobody else has. */
export function useImporter(harness: Harness) {
  let story = 1
  /** Somebody else in each story. */
  const address = (at: number) => `imported${at}.of${story}@example.org`
  const addresses = (count: number) => Array.from({ length: count }, (_, at) => address(at))
  /** Nobody of the story before is left. */
  const begin = async () => {
    story++
    for (const table of ['import_batch', 'import_mark', 'import_total'])
      await query(`delete from ${table}`)
    await query("delete from graphile_worker._private_jobs where key like 'send-invitations%'")
  }
  const folder = temporaryFolder()
  const file = join(folder, 'people.csv')
  const run = (...line: string[]) =>
    runCommand(harness.site, (program, open) => addImportCommands(program, open, quiet), [
      'import',
      ...line,
    ])
  const write = (people: string[], path = file) =>
    writeFile(path, `name,email\n${people.map((email) => `Ann Lee,${email}`).join('\n')}\n`)
  const bring = async (people: string[]) => {
    await write(people)
    return run('signatures', DEMO, file, '--from', 'csv', '--apply')
  }
  const batches = async () => harness.site.imports.list(await getDemo(harness))
  const newest = async () => String((await batches())[0]!.id)
  const invite = async (...more: string[]) =>
    run('invite', DEMO, await newest(), file, '--we-may-write', ...more)
  const remove = async () => run('remove', DEMO, await newest(), '--yes')
  const work = async () => {
    await harness.makeJobsDue()
    await harness.work()
  }
  const tend = async () => {
    await addJob(harness.connection.db, 'tend-imports', {})
    await harness.work()
  }
  const mailsTo = (email: string) => harness.mail.allTo(email).length
  const linkOf = (email: string) => /\/en\/imported\/\S+/.exec(harness.mail.lastTo(email).text!)![0]
  const post = (link: string) => fetch(`${harness.origin}${link}`, { method: 'POST' })
  const query = async <T>(text: string) => (await harness.connection.pool.query(text)).rows as T[]
  const logged = async () =>
    (await listEntries(harness)).filter((entry) => entry.startsWith('imported/v1'))
  return {
    begin,
    address,
    addresses,
    folder,
    file,
    run,
    write,
    bring,
    invite,
    remove,
    work,
    tend,
    mailsTo,
    linkOf,
    post,
    query,
    logged,
  }
}
