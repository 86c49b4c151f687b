import type { Stance } from './target.table.ts'

/** Offices that the site has a name for in each language; others are named by the organisers. */
export type Office =
  | 'head-of-state'
  | 'head-of-government'
  | 'head-of-state-and-government'
  | 'government'

/** Texts for readers, by language: all of the petition's. */
export interface Texts {
  [language: string]: string
}

export interface TargetFacts {
  /** One of the two is there. */
  office?: Office
  name?: Texts
  /** A public address: of e-mail, or of a web page with a form. */
  contact?: string
  /** What this one is asked, where it is not what the petition asks of all. */
  asked?: Texts
}

/** What files, commands and pages offer, in this order. */
export const OFFICES: readonly Office[] = [
  'head-of-state',
  'head-of-government',
  'head-of-state-and-government',
  'government',
]
export const STANCES: readonly Stance[] = ['agrees', 'partly', 'refuses', 'other']
