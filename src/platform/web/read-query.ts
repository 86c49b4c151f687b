import { parse } from 'node:querystring'

/** Our pages read three at most. Those behind them count as absent. */
const MOST_PARAMETERS = 50

/** A parameter that is given twice has a list. */
export type Query = Record<string, unknown>

/**
 * The query of an address, for routes and for answers that are sent before routing. What is percent-encoded wrongly
 * becomes U+FFFD.
 */
export const parseQuery = (text: string): Query =>
  parse(text, '&', '=', { maxKeys: MOST_PARAMETERS })

/** A query as a redirect hands it on: without what mailing programs add and no page reads. */
export function keptQuery(text: string): string {
  const query = new URLSearchParams(text)
  const added = [...query.keys()].filter((name) => name.startsWith('utm_'))
  for (const name of added) if (name !== 'utm_source') query.delete(name)
  return query.toString()
}

/** Which of an address's answers a query asks for. Parameters that no route reads choose nothing. */
export interface Asked {
  /** One of a few, whatever is asked: each has its own answer in memory. */
  variant?: string
  /**
   * What the answer repeats, as often as it likes: it is made once for all, and these are put into it. Empty where
   * absent; else of letters, digits, "-" and "_", which no text has to escape.
   */
  repeated?: Repeated
}

export type Repeated = Readonly<Record<string, string>>

/** Null where only the route can tell, since it may refuse the query. */
export type ReadQuery = (query: Query) => Asked | null

export const readNothing: ReadQuery = () => ({})

/** Names of what is repeated, without the values. */
export const shapeOf = ({ repeated = {} }: Asked): string[] =>
  Object.keys(repeated).filter((name) => repeated[name] !== '')
