import { isNatural } from '../../log/core/canonical.ts'

export const DRAW_FORMAT = 'undersigned-draw/1'

/**
 * A draw as a file of JSON. Everything in it can be recomputed from the log, the checkpoint and the
 * random value; nothing of it is secret.
 */
export interface Draw {
  format: typeof DRAW_FORMAT
  /** The petition's slug. */
  petition: string
  origin: string
  /** The log's verifier key. */
  vkey: string
  /** The whole signed note that was published before the random value was known. */
  checkpoint: string
  /** As it was announced. */
  random: string
  /** How many were asked for. */
  k: number
  /** How many signatures counted at the checkpoint. */
  population: number
  /** k entries of the log, in the order of drawing. */
  indexes: readonly number[]
}

/** One line of visible characters, without invisible white space at its ends. */
const RANDOM = /^(?!\s)[^\p{C}\p{Zl}\p{Zp}]{1,1000}(?<!\s)$/u
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

export const isRandom = (text: string): boolean => RANDOM.test(text)

/** With an index a line: a draw of thousands can still be read. */
export function formatDraw({ indexes, ...draw }: Draw): string {
  const fields = JSON.stringify(draw, null, 2).slice(0, -2)
  return `${fields},\n  "indexes": [\n    ${indexes.join(',\n    ')}\n  ]\n}\n`
}

/** Null when the text is none. Whether it is the right draw is for `audit check` to say. */
export function parseDraw(text: string): Draw | null {
  let value: Partial<Record<keyof Draw, unknown>> | null
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || value.format !== DRAW_FORMAT) return null
  const { petition, origin, vkey, checkpoint, random, k, population, indexes } = value
  const known =
    typeof petition === 'string' &&
    SLUG.test(petition) &&
    typeof origin === 'string' &&
    typeof vkey === 'string' &&
    typeof checkpoint === 'string' &&
    typeof random === 'string' &&
    isRandom(random) &&
    isNumber(k) &&
    isNumber(population) &&
    Array.isArray(indexes) &&
    indexes.every(isNumber)
  return known ? (value as Draw) : null
}

const isNumber = (value: unknown): boolean => typeof value === 'number' && isNatural(value)
