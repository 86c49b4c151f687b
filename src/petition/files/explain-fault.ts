import { accents } from '../accents.ts'
import { MOMENT_HINT } from './read-moment.ts'

/** What the schema's checker says of a file. */
export interface Fault {
  keyword: string
  /** JSON pointer. */
  instancePath: string
  message: string
  params: object
}

/** What to write, where the checker would only show a pattern. */
const hints = new Map([
  ['slug', 'takes lower-case letters, digits and single hyphens, at most 60 in all'],
  ['languages', 'takes language codes such as [en, az], each once'],
  ['accent', `takes one of ${accents.join(', ')}`],
  ['opens', MOMENT_HINT],
  ['closes', MOMENT_HINT],
  ['contact', 'takes an e-mail address, or a web address that starts with https://'],
  ['goal', 'takes rising whole numbers, such as [100, 1000]'],
  ['updates', 'takes true or false'],
  ['figures', 'takes guarded or live'],
  ['names', 'takes shown or reviewed'],
  ['id', 'takes lower-case letters, digits and hyphens, at most 40'],
  ['url', 'takes an address that starts with https:// or http://'],
  ['date', 'takes a year in quotes ("2024"), a month (2024-02) or a day (2024-02-11)'],
])

/** One line for whoever wrote the file: which field, and what belongs there. */
export function explainFault(fault: Fault): string {
  const path = fault.instancePath.split('/').slice(1)
  const field = path.join('.') || 'the file'
  const name = path.findLast((part) => !/^\d+$/.test(part))
  if (fault.keyword === 'required') return `${field} lacks ${missing(fault).join(', ')}`
  if (fault.keyword === 'boolean') return `${field} is no field that a petition has`
  const hint = name && hints.get(name)
  if (hint) return `${field} ${hint}`
  if (fault.keyword === 'pattern') return `${field} holds a character that can't stand there`
  if (fault.message === 'must be string') return `${field} must be text: put it in quotes`
  return `${field} ${fault.message}`
}

function missing({ params }: Fault): string[] {
  return (params as { requiredProperties?: string[] }).requiredProperties ?? []
}
