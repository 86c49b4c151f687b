import { createReadStream } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import type { Actor } from '../actions/note-action.ts'
import type { AddingPaper } from '../paper/papers.ts'
import { explainFileError } from '../platform/files/explain-errno.ts'
import { writeFileWhole } from '../platform/files/write-out.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { asking } from './agree.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

const HELP = `
Signatures on paper never join the count: nobody can verify them. Pages show their number apart, as the organisers' own
word, and the public log names it with a hash of the scan. The scan is encrypted to the organisers before it is stored;
the server can't open it. "age -d -i key.txt scan.age" does, offline.

Example:
  undersigned paper sheet cop29-baku --out sheet.pdf
  undersigned paper add cop29-baku --count 214 --place Berlin --date 2024-11-09 --scan berlin.pdf --yes
  undersigned paper list cop29-baku
  undersigned paper export cop29-baku 3 --out berlin.age && age -d -i key.txt -o berlin.pdf berlin.age`

interface AddOptions {
  count: number
  place: string
  date: string
  scan: string
  anyway?: boolean
  yes?: boolean
}

export function addPaperCommands(program: Command, open: Open): void {
  const group = program
    .command('paper')
    .description('signatures on paper, beside the count')
    .addHelpText('after', HELP)

  group
    .command('sheet <slug>')
    .description('a sheet to print and sign, A4, with text and QR code')
    .requiredOption('--out <file>', 'write this PDF, whole or not at all')
    .option('--language <tag>', 'this language alone, not all of them')
    .action((slug: string, { out, language }: { out: string; language?: string }) =>
      open(async ({ petitions, delivery }) => {
        const petition = await getPetition(petitions, slug)
        const { languages } = petition.settings
        if (language !== undefined && !languages.includes(language)) {
          throw new CommandError(
            `${slug} has no ${language}: --language takes ${languages.join(', ')}`,
          )
        }
        const chosen = language === undefined ? languages : [language]
        await writeFileWhole(out, await delivery.sheet(petition, chosen))
        console.log(`${out} is written: a sheet in ${chosen.join(', ')}.`)
      }),
    )

  group
    .command('add <slug>')
    .description('add signed sheets: their number is shown, their scan is sealed')
    .requiredOption('--count <number>', 'signatures on them', toCount)
    .requiredOption('--place <name>', 'where they were collected')
    .requiredOption('--date <day>', 'the last day on which somebody signed, such as 2024-11-12')
    .requiredOption('--scan <file>', 'all of them in one file, such as a PDF')
    .option('--anyway', 'although such sheets are there already, or are older than the petition')
    .option('--yes', 'do it unasked')
    .action((slug: string, options: AddOptions) =>
      open((site, by) => add(site, slug, { ...options, by })),
    )

  group
    .command('list <slug>')
    .description('what was added, the oldest first')
    .action((slug: string) =>
      open(async ({ petitions, papers }) => {
        const all = await papers.list(await getPetition(petitions, slug))
        for (const { id, signatures, place, collectedOn, size, hash } of all) {
          const scan =
            size > 0 ? `${howMany(size, 'byte')}` : 'lost: only the log has its number and hash'
          const cells = [id, signatures, collectedOn ?? '', place ?? '', scan, hash.toString('hex')]
          console.log(cells.map((cell) => escapeUnsafe(String(cell))).join('\t'))
        }
        const total = all.reduce((sum, { signatures }) => sum + signatures, 0)
        console.log(`${howMany(total, 'signature')} on paper.`)
      }),
    )

  group
    .command('export <slug> <id>')
    .description('a sealed scan, for the organisers to open offline with "age"')
    .requiredOption('--out <file>', 'write this file, whole or not at all')
    .action((slug: string, id: string, { out }: { out: string }) =>
      open(async ({ petitions, papers }, by) => {
        const found = await papers.export(await getPetition(petitions, slug), Number(id), by)
        if (!found) {
          throw new CommandError(`${slug} has no scan ${id}: "paper list" shows those there are`)
        }
        await writeFileWhole(out, found.sealed, { mode: 0o600 })
        console.log(`${out} is written, SHA-256 ${found.hash.toString('hex')}.`)
      }),
    )
}

async function add(
  { petitions, papers }: Parameters<Parameters<Open>[0]>[0],
  slug: string,
  { count, place, date, scan, by, yes, anyway = false }: AddOptions & { by: Actor },
): Promise<void> {
  const petition = await getPetition(petitions, slug)
  const paper = { signatures: count, place: place.trim(), collectedOn: date, anyway }
  const agree = asking<AddingPaper>({
    yes,
    show: ({ figures: { before, after } }) =>
      console.log(
        `${slug} has ${howMany(before, 'signature')} on paper; with these ${count.toLocaleString('en')} from ${escapeUnsafe(paper.place)} it has ${after.toLocaleString('en')}.`,
      ),
    question: 'Add them? The public log keeps the number for ever.',
    refused: 'nothing was added',
    unasked: 'nothing was added: add --yes to do it. The public log keeps the number for ever',
  })
  try {
    const { id, hash } = await papers.add(petition, { ...paper, scan: readLater(scan) }, by, agree)
    console.log(
      `Added, with the number ${id}; the sealed scan has the SHA-256 ${hash.toString('hex')}.`,
    )
    console.log('Delete the scan from this machine, and keep the sheets themselves.')
  } catch (error) {
    const why = explainFileError(scan, 'read', error)
    throw why ? new CommandError(`${why}; nothing was added`) : error
  }
}

/** Opened once it is read: until then nobody would hear that it can't be. */
async function* readLater(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path)
}

function toCount(text: string): number {
  if (!/^[1-9]\d{0,7}$/.test(text))
    throw new InvalidArgumentError('It takes a whole number above 0.')
  return Number(text)
}
