import { type Command, InvalidArgumentError } from 'commander'
import { safeJson, safeText } from '../../platform/terminal/escape-unsafe.ts'
import { OPENED_FORMAT, parseOpened } from '../../sealing/record/opened-file.ts'
import { AuditError, type OpenLog, readIndexes, readTextOf } from './audit-input.ts'
import { type AuditResult, checkSample } from './check-sample.ts'
import { DRAW_FORMAT, type Draw, parseDraw } from './draw-file.ts'
import { tellMismatches, tellResult } from './tell-result.ts'

interface CheckOptions {
  draw: string
  log: string
  bad?: string
  confidence: number
  json?: boolean
}

const HELP = `
Recomputes the draw and every commitment, and verifies the log with them. A drawn signature is bad when the
auditor says so with --bad; when the organisers voided it after the checkpoint, or can't show it; when its
address or record came before in the sample. One that its signer withdrew since is taken out of the sample.
What counts as bad is agreed before the draw: say, who answers "I did not sign", or whose mail comes back.

Ends with 0 when everything fits, however many are bad; with 1 when a record is not what the log committed
to, or the draw is not the right one: somebody cheated, or a file is from another audit.

Example:
  undersigned audit check opened.json --draw draw.json --log https://sign.example.org --bad 17,99`

export function addCheckCommand(
  group: Command,
  open: OpenLog,
  print: (lines: string[]) => Promise<void>,
): void {
  group
    .command('check')
    .description('hold the opened records to the draw and the log, and say what they tell of all')
    .argument('<opened>', 'what "undersigned unseal --format audit" wrote')
    .requiredOption('--draw <file>', 'what "undersigned audit draw" wrote')
    .requiredOption('--log <log>', "a site's address, or a folder with a copy of its log")
    .option('--bad <entries>', 'those found bad: numbers between commas, or a file of them')
    .option('--confidence <share>', 'from 0 to 1, both excluded', readConfidence, 0.95)
    .option('--json', 'for scripts: one line of JSON')
    .addHelpText('after', HELP)
    .action(async (file: string, options: CheckOptions) => {
      const { confidence } = options
      const draw = await readDraw(options.draw)
      const opened = parseOpened(await readTextOf(file))
      if (!opened) throw new AuditError(`${safeText(file)} is no ${OPENED_FORMAT} file`)
      const found = options.bad === undefined ? [] : await readIndexes(options.bad)
      const result = await checkSample(open, options.log, { draw, opened, found, confidence })
      const failed = result.mismatches.length > 0
      if (options.json) await print([safeJson(describeResult(draw, result, confidence))])
      else await print(failed ? tellMismatches(result) : tellResult(draw, result, confidence))
      if (failed) throw mismatched(result)
    })
}

function describeResult(draw: Draw, result: AuditResult, confidence: number) {
  const { petition, origin, random, k, population } = draw
  const { size, mismatches, verdict } = result
  const of = { petition, origin, random, k, population, size, confidence }
  return mismatches.length > 0 ? { ok: false, ...of, mismatches } : { ok: true, ...of, ...verdict }
}

async function readDraw(path: string): Promise<Draw> {
  const draw = parseDraw(await readTextOf(path))
  if (draw) return draw
  throw new AuditError(`${safeText(path)} is no draw (${DRAW_FORMAT}): make one with "audit draw"`)
}

function mismatched({ mismatches }: AuditResult): AuditError {
  const records = mismatches.length === 1 ? 'record does' : 'records do'
  return new AuditError(
    `${mismatches.length} opened ${records} not fit the log or the draw, as listed above: somebody cheated, or a file is from another audit`,
  )
}

function readConfidence(value: string): number {
  const confidence = Number(value)
  if (/^0?\.\d+$/.test(value) && confidence > 0 && confidence < 1) return confidence
  throw new InvalidArgumentError('It is a number between 0 and 1, such as 0.95.')
}
