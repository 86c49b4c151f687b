import { type Command, InvalidArgumentError } from 'commander'
import { isNatural } from '../../log/core/canonical.ts'
import { writeFileWhole } from '../../platform/files/write-out.ts'
import { safeText } from '../../platform/terminal/escape-unsafe.ts'
import { AuditError, type OpenLog, readFileOf } from './audit-input.ts'
import { DRAW_FORMAT, type Draw, formatDraw, isRandom } from './draw-file.ts'
import { drawIndexes } from './draw-indexes.ts'
import { surveyLog } from './survey-log.ts'
import { group as grouped } from './tell-result.ts'

interface DrawOptions {
  petition: string
  random: string
  count: number
  checkpoint?: string
  out: string
}

const HELP = `
The random value decides who is drawn, so nobody may choose it, and nobody may know it before the
checkpoint is published: whoever did could prepare the signatures that will be drawn. Publish the checkpoint
first, with the name of a later value: the round of a public randomness beacon such as drand, or the numbers
of a state lottery on a named day. Give the value as announced, letter for letter.

The file says everything that anyone needs to draw the same: petition, origin, checkpoint, vkey, random, k,
population, and indexes in the order of drawing. Compare its vkey with the one you know from elsewhere.

How many? None bad of 60 means under 4.9 % bad with 95 % confidence; of 300 1.0 %; of 3,000 0.10 %.

Example:
  curl -o checkpoint.txt https://sign.example.org/log/checkpoint      # published before the value is known
  undersigned audit draw https://sign.example.org --petition my-petition --random "drand 4242424 9f86d081…" --count 300 --checkpoint checkpoint.txt --out draw.json`

export function addDrawCommand(
  group: Command,
  open: OpenLog,
  print: (lines: string[]) => Promise<void>,
): void {
  group
    .command('draw')
    .description('draw signatures at random, so that anyone draws the same')
    .argument('<log>', "a site's address, or a folder with a copy of its log")
    .requiredOption('--petition <slug>', 'the petition, as in its address')
    .requiredOption('--random <value>', 'as it was announced, after the checkpoint', readRandom)
    .requiredOption('--count <k>', 'how many to draw', readCount)
    .option('--checkpoint <file>', 'the checkpoint that was published before the random value')
    .requiredOption('--out <file>', 'write the draw into this file')
    .addHelpText('after', HELP)
    .action(async (at: string, options: DrawOptions) => {
      const { petition, random, count: k, checkpoint, out } = options
      const note = checkpoint === undefined ? null : await readFileOf(checkpoint)
      const { draw, size } = await drawSample(open, at, { petition, random, k, note })
      await writeFileWhole(out, formatDraw(draw), { overwrite: false })
      await print(tellDraw(draw, size, { at, out, isKept: note !== null }))
    })
}

function tellDraw(
  draw: Draw,
  size: { now: number; kept: number },
  { at, out, isKept }: { at: string; out: string; isKept: boolean },
): string[] {
  const file = safeText(out)
  return [
    `Log verified: ${grouped(size.now)} entries of ${safeText(draw.origin)}.`,
    `Drawn: ${grouped(draw.k)} of the ${grouped(draw.population)} signatures of ${draw.petition} that counted at ${grouped(size.kept)} entries, by the random value "${draw.random}". They are in ${file}.`,
    ...(isKept
      ? []
      : [
          '',
          'This is the checkpoint of now. If the random value was known before it, somebody could have chosen',
          'who is drawn: then draw from a checkpoint that was published before the value, with --checkpoint.',
        ]),
    '',
    'What to do next:',
    `1. The organisers get ${file}, and open these records and no others, where their key is:`,
    `   undersigned unseal signatures.jsonl --identity key.txt --only ${file} --format audit --out opened.json`,
    '2. The auditor gets opened.json, writes to these people, and notes the entries of those who did not sign.',
    '3. The auditor concludes, with these entries after --bad:',
    `   undersigned audit check opened.json --draw ${file} --log ${safeText(at)} --bad 12,345`,
  ]
}

function readRandom(value: string): string {
  if (isRandom(value)) return value
  throw new InvalidArgumentError(
    'It is one line of at most 1,000 characters, without spaces around.',
  )
}

function readCount(value: string): number {
  const count = Number(value)
  if (/^\d+$/.test(value) && isNatural(count) && count > 0) return count
  throw new InvalidArgumentError('It is a whole number from 1.')
}

/**
 * Draws k of a petition's signatures that counted at a checkpoint; the log is verified first.
 *
 * @param note the kept checkpoint; null for that of now, which is right only when the random value wasn't
 *   known yet
 * @throws AuditError
 */
async function drawSample(
  open: OpenLog,
  at: string,
  {
    petition,
    random,
    k,
    note: kept,
  }: { petition: string; random: string; k: number; note: Uint8Array | null },
): Promise<{ draw: Draw; size: { now: number; kept: number } }> {
  const log = await open(at)
  const note = kept ?? log.source.checkpoint
  const survey = await surveyLog({ at, ...log }, { note, petition, wanted: new Set() })
  const { counted, slugs } = survey
  const { checkpoint, text } = survey.kept
  if (counted.length < k) throw tooFew(petition, k, counted.length, slugs)
  const draw: Draw = {
    format: DRAW_FORMAT,
    petition,
    origin: checkpoint.origin,
    vkey: log.vkey,
    checkpoint: Buffer.from(note).toString(),
    random,
    k,
    population: counted.length,
    indexes: drawIndexes(text, random, k, counted),
  }
  return { draw, size: { now: survey.size, kept: checkpoint.size } }
}

function tooFew(petition: string, k: number, counted: number, slugs: string[]): AuditError {
  if (slugs.includes(petition)) {
    return new AuditError(
      `${k} can't be drawn: only ${counted} signatures of ${petition} counted at the checkpoint`,
    )
  }
  const known =
    slugs.length > 0 ? `it has those of ${slugs.slice(0, 20).join(', ')}` : 'it has none'
  return new AuditError(`the log has no signature of "${safeText(petition)}": ${known}`)
}
