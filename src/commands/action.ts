import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Action } from '../actions/list-actions.ts'
import { zoneOf } from '../petition/petition.ts'
import { type Stdout, writeToStdout } from '../platform/files/write-out.ts'
import { nameOf } from '../platform/i18n/zone.ts'
import { writeTable } from '../platform/table/write-table.ts'
import { escapeUnsafe, safeJson } from '../platform/terminal/escape-unsafe.ts'
import type { Open } from './open-site.ts'
import { tellAction } from './tell-action.ts'

const NEWEST = 100
const COLUMNS = ['at', 'face', 'person', 'what', 'petition', 'before', 'after']

const HELP = `
Each change that a person makes is noted in the transaction that makes it: by whom (the system's user and host, of
commands), when, what, on which petition, and what it was before and after. Nothing of a signer is noted. Nobody can
change or delete what is noted, the tables' owner neither. A petition's stay when it is deleted.

Times are those of the petition's zone, and of UTC in the list of the whole site, in JSON and in CSV.`

export function addActionCommands(
  program: Command,
  open: Open,
  stdout: Stdout = process.stdout,
): void {
  program
    .command('action')
    .description('what people have changed on this site')
    .addHelpText('after', HELP)
    .command('list [slug]')
    .description('who did what, and when, the newest first')
    .option('--newest <number>', 'so many; all of them in a CSV', parseCount)
    .addOption(new Option('--format <format>', 'lines to read, or CSV').choices(['lines', 'csv']))
    .addOption(
      new Option('--json', 'a line of JSON each, with all that is noted').conflicts('format'),
    )
    .action((slug: string | undefined, { newest, format, json }: ListOptions) =>
      open(async ({ actions, petitions }) => {
        if (format === 'csv') {
          await writeCsv(stdout, actions.list({ slug, limit: newest }))
          return
        }
        // One that is deleted has left its actions, and no zone.
        const petition = slug === undefined ? null : await petitions.find(slug)
        const zone = petition ? zoneOf(petition) : 'Z'
        let count = 0
        for await (const page of actions.list({ slug, limit: newest ?? NEWEST })) {
          if (count === 0 && !json) console.log(`Times are those of ${nameOf(zone, page[0]!.at)}.`)
          count += page.length
          for (const each of page) {
            if (json) console.log(toJson(each))
            else for (const line of tellAction(each, zone)) console.log(escapeUnsafe(line))
          }
        }
        if (count === 0 && !json) console.log('Nothing was changed yet.')
      }),
    )
}

interface ListOptions {
  newest?: number
  format?: string
  json?: boolean
}

const toJson = ({ at, face, person, what, petition, before, after }: Action) =>
  safeJson({ at: at.toISOString(), face, person, what, petition, before, after })

async function writeCsv(stdout: Stdout, pages: AsyncIterable<Action[]>): Promise<void> {
  const table = { title: 'Actions', columns: COLUMNS, rows: toRows(pages) }
  for await (const share of writeTable('csv', table)) {
    await writeToStdout(stdout, Buffer.from(share))
  }
}

async function* toRows(pages: AsyncIterable<Action[]>) {
  for await (const page of pages) {
    yield page.map(({ at, face, person, what, petition, before, after }) => [
      at.toISOString(),
      face,
      person,
      what,
      petition,
      before && JSON.stringify(before),
      after && JSON.stringify(after),
    ])
  }
}

function parseCount(text: string): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) === 0) {
    throw new InvalidArgumentError('It takes a whole number above 0.')
  }
  return Number(text)
}
