import { latencies } from '../../scale/report.ts'
import { PATIENCE, type Stage } from '../trial.ts'

/** That people whose mail server is well did not wait for the others'. */
export function checkWaits(
  { crowd, check, tell, isShort }: Stage,
  isWell: (address: string) => boolean,
  promisedMs: number,
): void {
  const withinMs = promisedMs * (isShort ? PATIENCE : 1)
  const waits = crowd.mailWaits(isWell)
  const late = waits.filter((ms) => ms > withinMs)
  const told = latencies(waits.map((ms) => ({ at: 0, ms })))
  tell(`mails to those whose server is well: ${told}`)
  check(
    `whose mail server is well gets the mail within ${withinMs / 1000} s`,
    late.length <= waits.length / 50,
    `${late.length} of ${waits.length} did not: ${told}`,
  )
}

/** The same share of addresses each time, by what they are. */
export function isAmong(share: number, address: string): boolean {
  let sum = 7
  for (const char of address) sum = (sum * 31 + char.charCodeAt(0)) % 1_000_003
  return (sum % 1000) / 1000 < share
}

/** Says no only the first time for each address. */
export function firstTime(): (address: string) => boolean {
  const seen = new Set<string>()
  return (address) => {
    if (seen.has(address)) return false
    seen.add(address)
    return true
  }
}
