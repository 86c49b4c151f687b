import { readFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Texts } from '../target/facts.ts'
import { OFFICES, STANCES } from '../target/facts.ts'
import { readTargets, type TargetInput } from '../target/read-targets.ts'
import type { Stance } from '../target/target.table.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'
import { addTargetLists } from './target-lists.ts'

const ANSWER_HELP = `
A text is given in each of the petition's languages, in quotes or as the path of a file behind @:

  undersigned target answer my-petition de --stance partly --on 2024-03-08 \\
    --text en="We share the concern." --text ru=@answer.ru.txt --source https://example.org/letter

The newest answer stands; those before it stay in the history. An entry that is wrong is corrected by another with
--corrects and its number: both stay to be read.`

export function addTargetCommands(program: Command, open: Open): void {
  const target = program
    .command('target')
    .description('those whom a petition asks, and what they answer')

  target
    .command('import <slug> <file>')
    .description('add those of a file such as targets.yaml, or change what is told of them')
    .action((slug: string, file: string) =>
      open(async ({ petitions, targets }, by) => {
        const petition = await getPetition(petitions, slug)
        const { added, changed, others } = await targets.import(
          petition,
          await readTargets(file),
          by,
        )
        console.log(`${added.length} added, ${changed.length} changed.`)
        if (others.length > 0) console.log(`Not in the file, and kept: ${others.join(', ')}`)
      }),
    )

  target
    .command('add <slug> <target>')
    .description('add one, under a word of your own such as "de", or change what is told of it')
    .requiredOption('--country <code>', 'two capital letters')
    .addOption(new Option('--office <office>', 'the office, which the site names').choices(OFFICES))
    .option('--name <language=name...>', 'or its name, in each language', addText)
    .option('--contact <address>', 'a public address: of e-mail, or of a page with a form')
    .option('--asked <language=text...>', 'what this one is asked, if not what all are', addText)
    .action((slug: string, id: string, facts: Omit<TargetInput, 'id'>) =>
      open(async ({ petitions, targets }, by) => {
        const petition = await getPetition(petitions, slug)
        const { changed } = await targets.import(petition, [{ id, ...facts }], by)
        console.log(`${id} ${changed.length > 0 ? 'changed' : 'added'}`)
      }),
    )

  target
    .command('remove <slug> <target>')
    .description('take out one of whom nothing was noted yet')
    .action((slug: string, word: string) =>
      open(async ({ petitions, targets }, by) => {
        await targets.remove(await getPetition(petitions, slug), word, by)
        console.log(`${word} removed`)
      }),
    )

  addTargetLists(target, open)

  target
    .command('ask <slug> <target...>')
    .description('note that they were asked')
    .option('--on <day>', 'the day, as 2024-03-01; today without it')
    .option(
      '--corrects <entry>',
      'the number of the entry that this one takes the place of',
      Number,
    )
    .action((slug: string, words: string[], { on, corrects }: { on?: string; corrects?: number }) =>
      open(async ({ clock, petitions, targets }, by) => {
        const petition = await getPetition(petitions, slug)
        const day = on ?? clock.now().toISOString().slice(0, 10)
        for (const word of words) {
          await targets.ask(petition, { word, on: day, ...(corrects ? { corrects } : {}) }, by)
          console.log(`${word} asked on ${day}`)
        }
        offerUpdate(slug)
      }),
    )

  target
    .command('answer <slug> <target>')
    .description('note an answer: its kind, its day, its words and where they can be read')
    .addOption(new Option('--stance <kind>', 'its kind').choices(STANCES).makeOptionMandatory())
    .requiredOption('--on <day>', 'the day, as 2024-03-08')
    .requiredOption('--text <language=text...>', 'its words, in each language', addText)
    .option('--source <address>', 'where everybody can read it')
    .option(
      '--corrects <entry>',
      'the number of the entry that this one takes the place of',
      Number,
    )
    .addHelpText('after', ANSWER_HELP)
    .action((slug: string, word: string, given: Given) =>
      open(async ({ petitions, targets }, by) => {
        const { stance, on, text, source = null, corrects } = given
        const answer = { stance, on, texts: await readTexts(text), source }
        const petition = await getPetition(petitions, slug)
        await targets.answer(petition, { word, answer, ...(corrects ? { corrects } : {}) }, by)
        console.log(`${word} answered on ${on}: ${stance}`)
        offerUpdate(slug)
      }),
    )

  target
    .command('mistake <slug> <target> <entry>')
    .description('what an entry tells never happened: it stays to be read, marked so')
    .action((slug: string, word: string, entry: string) =>
      open(async ({ petitions, targets }, by) => {
        const petition = await getPetition(petitions, slug)
        await targets.mistake(petition, { word, corrects: Number(entry) }, by)
        console.log(`entry ${entry} of ${word} is marked as a mistake`)
      }),
    )
}

interface Given {
  stance: Stance
  on: string
  text: Texts
  source?: string
  corrects?: number
}

const offerUpdate = (slug: string) =>
  console.log(`To tell it as an update: undersigned update new ${slug} <folder>`)

function addText(given: string, before: Texts = {}): Texts {
  const [, language, text] = /^([a-z]{2,3})=([\s\S]+)$/.exec(given) ?? []
  if (!language || !text) throw new InvalidArgumentError('Write it as en="…", or en=@file.')
  return { ...before, [language]: text }
}

async function readTexts(given: Texts): Promise<Texts> {
  const read = async ([language, text]: [string, string]) => {
    if (!text.startsWith('@')) return [language, text] as const
    const path = text.slice(1)
    const words = await readFile(path, 'utf8').catch(() => {
      throw new CommandError(`${path} can't be read: behind @ stands the path of a file in UTF-8`)
    })
    return [language, words] as const
  }
  return Object.fromEntries(await Promise.all(Object.entries(given).map(read)))
}
