import { formatOpenedEntry, OPENED_FORMAT } from '../../sealing/record/opened-file.ts'
import type { Records } from './records.ts'

/** The only format that tells r: with it the auditor sees that the log committed to just this record. */
export async function* toAudit(records: Records, petition: string): AsyncGenerator<string> {
  yield `${JSON.stringify({ format: OPENED_FORMAT, petition }).slice(0, -1)},"records":[`
  let separator = '\n'
  for await (const share of records) {
    let text = ''
    for (const record of share) {
      text += separator + formatOpenedEntry(record)
      separator = ',\n'
    }
    yield text
  }
  yield '\n]}\n'
}
