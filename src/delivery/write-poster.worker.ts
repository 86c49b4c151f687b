import { MissingLettersError } from '../platform/pdf/fonts.ts'
import { type PosterContent, type PosterKind, writePoster } from './write-poster.ts'

/** Runs in a thread of its own: cutting fonts and laying out hold up a process for a tenth of a second and more. */

export interface PosterToWrite {
  kind: PosterKind
  content: PosterContent
  made: Date
}

/** @returns null where no font has a letter of it */
export default async function write({ kind, content, made }: PosterToWrite) {
  try {
    return await writePoster(kind, content, made)
  } catch (error) {
    if (error instanceof MissingLettersError) return null
    throw error
  }
}
