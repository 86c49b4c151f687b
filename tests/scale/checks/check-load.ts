import type { Readers } from '../load/readers.ts'
import type { Signers } from '../load/signers.ts'
import type { Moment } from '../play.ts'
import { latencies, type Report, tellFirst } from '../report.ts'

const AFTER_A_KILL_MS = 2000

/** How signers and readers fared. */
export function checkLoad(
  report: Report,
  load: { signers: Signers; readers: Readers; kills: Moment[]; seconds: number },
): void {
  const { signers, readers, kills, seconds } = load
  const { signed, confirmed, sentAgain } = signers
  report.tell(
    `${signed.size} signed and ${confirmed.size} confirmed in ${seconds.toFixed(0)} s, ${readers.answered} pages and figures`,
  )
  report.check(
    'nobody gave up',
    signed.size > 0 && confirmed.size === signed.size,
    `${signed.size - confirmed.size} of ${signed.size} never got through`,
  )
  report.tell(`forms: ${latencies(signers.took)}; ${sentAgain} sent again by hand after an error`)
  report.tell(`mails: ${latencies(signers.mailed)}`)
  report.tell(`pages: ${latencies(readers.took)}`)
  report.check(
    'pages, figures and the log were there throughout',
    readers.failed.length === 0,
    `${readers.failed.length} of ${readers.answered} failed${tellFirst(readers.failed)}`,
  )
  report.check(
    'the count never went back',
    readers.wentBack.length === 0,
    `${readers.wentBack.length} times${tellFirst(readers.wentBack)}`,
  )
  for (const { what, at } of kills) {
    const span = { from: at, to: at + AFTER_A_KILL_MS }
    report.tell(`after ${what} was killed: forms ${latencies(signers.took, span)}`)
    report.tell(`after ${what} was killed: pages ${latencies(readers.took, span)}`)
  }
}
