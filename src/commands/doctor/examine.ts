import { setTimeout } from 'node:timers/promises'
import { isDatabaseAway } from '../../platform/database/unavailable.ts'
import { ExpectedError } from '../../platform/expected-error.ts'
import { hideAddresses } from '../../platform/logger.ts'
import { type Check, type Finding, fault, inWords, unchecked } from './finding.ts'

/**
 * Looks at everything side by side, and reports in the order of the checks. What has not answered by the deadline is
 * a fault of its own: parts that hang report nothing by themselves.
 *
 * @param deadline in milliseconds, for all together
 */
export async function examine(checks: Check[], deadline: number): Promise<Finding[]> {
  const ended = new AbortController()
  const late = setTimeout(deadline, 'late' as const, { signal: ended.signal }).catch(
    () => 'late' as const,
  )
  const found = checks.map(async ({ about, look }) => {
    const outcome = await Promise.race([look().catch(toFinding(about)), late])
    if (outcome !== 'late') return outcome
    return fault(
      about,
      `no answer within ${inWords(deadline)}`,
      'find out what hangs, and look again with "undersigned doctor"',
    )
  })
  const findings = (await Promise.all(found)).flat()
  ended.abort()
  return findings
}

/** An error's message may repeat what was read: of a surprise it is kept without addresses. */
function toFinding(about: string) {
  return (error: NodeJS.ErrnoException): Finding => {
    if (/^query/.test(error.syscall ?? '')) {
      const found = `the DNS gives no answer (${error.code})`
      const remedy = "see that this machine's resolver and the domain's name servers work"
      return fault(about, found, remedy)
    }
    if (isDatabaseAway(error)) return unchecked(about, 'the database does not answer')
    if (error instanceof ExpectedError) return unchecked(about, error.message)
    return unchecked(about, `unexpected: ${hideAddresses(error.message)}`)
  }
}
