import type { Failure, FailureKind } from './read-failure.ts'

export interface MailLog {
  warn(fields: object, line: string): void
  info(fields: object, line: string): void
}

/** A mail that the server did not take; `isFinal` when it never will. */
export interface Noted {
  failure: Failure
  isFinal: boolean
}

/** One line for all of them, which says of nobody whose mail it was. */
export function tellFailures(log: MailLog, noted: Noted[]): void {
  const putOff = noted.filter(({ isFinal }) => !isFinal).map(({ failure }) => failure)
  const fields = { mails: noted.length, refused: noted.length - putOff.length }
  if (putOff.length === 0) {
    log.info(fields, 'mailboxes were refused for good')
    return
  }
  const kinds = countKinds(putOff)
  const most = Math.max(...Object.values(kinds))
  const { words, status } = putOff.findLast(({ kind }) => kinds[kind] === most)!
  const why = { why: words, status: status || undefined }
  log.warn({ ...fields, putOff: kinds, ...why }, 'mails are put off')
}

function countKinds(failures: Failure[]): Partial<Record<FailureKind, number>> {
  const counts: Partial<Record<FailureKind, number>> = {}
  for (const { kind } of failures) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
