import type { SignatureTable } from './signature.table.ts'

/*
 * The life of a signature. A submission and the signature that is made of it have the same id.
 *
 * state                | rows                                         | moved on by
 * ---------------------|----------------------------------------------|------------------------------------
 * waiting              | submission                                   | confirm, reject, replace, erase
 * confirmed, readable  | submission (confirmed), signature            | seal, withdraw, void
 * confirmed, sealed    | signature, sealed_record                     | withdraw, void
 * voided               | signature (voided), the rest as before       | seal (if readable), withdraw
 * withdrawn            | signature: its times and text version        | nothing
 * rejected, erased     | none                                         | nothing
 *
 * verb and its file    | writes                                       | erases
 * ---------------------|----------------------------------------------|------------------------------------
 * sign-petition        | submission, the job that mails its link      |
 * confirm-signatures   | signature, public_name, comment, subscriber; |
 *                      | tally_queue, sealing_queue                   |
 * reject-submission    |                                              | submission
 * shown/replace-shown  | public_name, comment, subscriber             | the later form's submission
 * seal-batch           | sealed_record, log_queue                     | submission
 * void-signatures      | state; tally_queue, log_queue                | public_name, comment, subscriber
 * withdraw-signature   | state, withdrawn_at; tally_queue, log_queue  | those, submission, sealed_record,
 *                      |                                              | tag, address, country, language,
 *                      |                                              | source, ref
 * remind-or-erase      | reminded, the job that mails the reminder    | submission: after 14 days, or when
 *                      |                                              | its petition is archived, delivered or
 *                      |                                              | deleted
 *
 * Every statement that writes these tables, subscriber and log_queue aside, stands in store/.
 */

/**
 * The text version of a signature that `log rebuild` made of an entry: signed, and nothing more is known.
 * Versions of texts count from one.
 */
export const LOST_VERSION = 0

/** The columns of a signature that it is counted by. */
export type Countable = Pick<
  SignatureTable,
  'petition_id' | 'confirmed_at' | 'country' | 'language' | 'source' | 'ref'
>

/** The same for the public log; null once the row is erased. */
export function countedBy({ confirmed_at, country, language, ref }: Countable) {
  if (country === null || language === null) return null
  return { confirmedAt: confirmed_at, country, language, ref }
}
