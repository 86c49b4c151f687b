import { safeText } from '../../platform/terminal/escape-unsafe.ts'
import type { AuditResult, Mismatch } from './check-sample.ts'
import type { Draw } from './draw-file.ts'
import { CAUSES, type Cause } from './judge-sample.ts'

const BAD: Readonly<Record<Cause, string>> = {
  found: 'found by the auditor',
  voided: 'voided by the organisers after the checkpoint',
  notShown: 'not shown, and not withdrawn either',
  duplicate: 'by somebody who signed before',
}

const MISMATCHES: Readonly<Record<Mismatch, string>> = {
  'not drawn': 'was not drawn',
  'shown twice': 'is shown twice',
  'other record': 'is not what the public log committed to',
  'other address': 'has an address to write to that is not the one committed to',
}

/** The result of an audit, in lines for a person. */
export function tellResult(
  draw: Draw,
  { size, verdict }: AuditResult,
  confidence: number,
): string[] {
  const { bad, leftSince, good } = verdict
  const count = CAUSES.reduce((sum, cause) => sum + bad[cause].length, 0)
  return [
    `Log verified: ${group(size.now)} entries of ${safeText(draw.origin)}.`,
    `Draw right: ${group(draw.k)} of the ${group(draw.population)} signatures of ${draw.petition} that counted at ${group(size.kept)} entries, by the random value "${draw.random}".`,
    'Every record that was opened is the one that the log committed to.',
    '',
    `Good: ${group(good)}`,
    `Bad: ${group(count)}`,
    ...CAUSES.filter((cause) => bad[cause].length > 0).map(
      (cause) => `  ${group(bad[cause].length)} ${BAD[cause]}: ${bad[cause].join(', ')}`,
    ),
    ...(leftSince.length > 0
      ? [`Left since, and out of the sample: ${group(leftSince.length)}: ${leftSince.join(', ')}`]
      : []),
    '',
    ...conclude(draw, verdict, confidence),
  ]
}

export const tellMismatches = ({ mismatches }: AuditResult): string[] =>
  mismatches.map(({ index, mismatch }) => `entry ${index} ${MISMATCHES[mismatch]}`)

function conclude(
  { k, population }: Draw,
  { bound, boundAtWorst, leftSince, good }: AuditResult['verdict'],
  confidence: number,
): string[] {
  const signatures = `the ${group(population)} signatures`
  // A sample of all of them needs no statistics.
  if (k === population && leftSince.length === 0) {
    return [`All of ${signatures} were drawn: ${group(k - good)} of them are bad.`]
  }
  if (bound === 1) return [`The sample tells nothing about ${signatures}.`]
  const told = `With ${percent(confidence)} confidence fewer than ${roundUp(bound)} of ${signatures} are bad.`
  if (leftSince.length === 0) return [told]
  return [
    told,
    `Whoever runs the site writes the log: were those that left since bad, too, it would be fewer than ${roundUp(boundAtWorst)}.`,
  ]
}

/** Two digits, never less than the bound itself: 0.009936 is 1.0 %. */
export function roundUp(share: number): string {
  const inPercent = share * 100
  const digits = Math.max(0, 1 - Math.floor(Math.log10(inPercent)))
  // Of a number such as 46 the logarithms and products of floats may leave a hair above it.
  const rounded = Math.ceil(inPercent * 10 ** digits - 1e-9) / 10 ** digits
  return `${rounded.toFixed(rounded >= 10 ** (2 - digits) ? Math.max(0, digits - 1) : digits)} %`
}

const percent = (share: number) => `${Number((share * 100).toFixed(6))} %`

export const group = (count: number) => count.toLocaleString('en')
