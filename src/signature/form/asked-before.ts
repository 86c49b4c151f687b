import { createHash } from 'node:crypto'

const LENGTH = 16

/** Stands for what somebody wrote, in a field of the page that asks about it: short, whatever was written. */
export const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, LENGTH)
