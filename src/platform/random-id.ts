import { randomBytes } from 'node:crypto'

const BYTES = 16

/** Sorts before every id: where reading in the order of ids begins. */
export const BEFORE_EVERY_ID = '00000000-0000-0000-0000-000000000000'

/** 128 random bits, in the spelling of PostgreSQL's uuid. Unlike a sequence's, none is given out again by a restored database. */
export const newId = (): string => idOfBytes(randomBytes(BYTES))

/** @throws RangeError for any text but a uuid in PostgreSQL's spelling */
export function bytesOfId(id: string): Buffer {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  if (bytes.length !== BYTES || idOfBytes(bytes) !== id) throw new RangeError('not an id')
  return bytes
}

export const isId = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text)

/** @param bytes 16 of them */
export function idOfBytes(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  const ends = [8, 12, 16, 20, 32]
  return ends.map((end, index) => hex.slice(ends[index - 1] ?? 0, end)).join('-')
}
