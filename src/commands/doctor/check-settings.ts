import { readFile } from 'node:fs/promises'
import type { Config } from '../../config.ts'
import { hasImprint } from '../../pages/imprint.routes.ts'
import type { Clock } from '../../platform/clock.ts'
import { hostOf, isLoopback } from '../../platform/connection-safety.ts'
import { type Finding, fault, ok, unchecked } from './finding.ts'

/** Node.js's releases with long-term support, and the day on which it ends (github.com/nodejs/release). */
const SUPPORTED_UNTIL: Readonly<Record<number, string>> = {
  20: '2026-04-30',
  22: '2027-04-30',
  24: '2028-04-30',
}
/** A web process keeps thousands of connections; each is a file descriptor. */
const LEAST_OPEN_FILES = 10_240

export const isLocal = ({ publicUrl }: Pick<Config, 'publicUrl'>) => isLoopback(hostOf(publicUrl))

export function checkNode(version: string, clock: Clock): Finding {
  const about = 'Node.js'
  const major = Number(/^v?(\d+)/.exec(version)?.[1])
  const until = SUPPORTED_UNTIL[major]
  const advice = 'run the program with the newest release with long-term support, as the image does'
  if (!until && major < 26) return fault(about, `${version} has no long-term support`, advice)
  if (until && clock.now() >= new Date(until)) {
    return fault(about, `${version} has had no security fixes since ${until}`, advice)
  }
  return ok(about, until ? `${version}, supported until ${until}` : version)
}

export function checkMode(config: Config): Finding {
  const about = 'NODE_ENV'
  if (config.production) {
    if (!config.demo) return ok(about, 'production')
    const remedy = 'unset DEMO'
    return fault('DEMO', 'DEMO=1 publishes the demonstration at each start', remedy)
  }
  if (isLocal(config)) return ok(about, 'not production: a trial on this machine')
  return fault(
    about,
    `not production, though readers come to ${config.publicUrl}`,
    'set NODE_ENV=production, and what the start then asks for',
  )
}

export function checkContact(config: Config): Finding {
  const about = 'operator'
  if (config.operator && config.contact) return ok(about, 'OPERATOR and CONTACT are named')
  if (!config.production) return unchecked(about, 'NODE_ENV is not production')
  const lacking = config.operator ? 'CONTACT' : config.contact ? 'OPERATOR' : 'OPERATOR and CONTACT'
  const effect = hasImprint(config) ? 'the imprint is incomplete' : 'the site has no imprint'
  return fault(about, `${lacking} not set, so ${effect}`, `set ${lacking}`)
}

export function checkMetricsToken({ production, metricsToken }: Config): Finding {
  const about = 'METRICS_TOKEN'
  if (metricsToken) return ok(about, 'set')
  if (!production) return unchecked(about, 'NODE_ENV is not production: /metrics is open')
  const remedy = 'set METRICS_TOKEN, and let Prometheus send it'
  return fault(about, 'not set, so /metrics answers 404 and no alert can fire', remedy)
}

/** @param limits as in /proc/self/limits */
export async function checkOpenFiles(limits = '/proc/self/limits'): Promise<Finding> {
  const about = 'open files'
  const text = await readFile(limits, 'utf8').catch(() => '')
  const most = /^Max open files\s+(\d+|unlimited)/m.exec(text)?.[1]
  if (!most) return unchecked(about, 'this system does not tell its limit')
  if (most === 'unlimited' || Number(most) >= LEAST_OPEN_FILES) return ok(about, `${most} here`)
  return fault(
    about,
    `at most ${most} here, and a crowd of readers needs ${LEAST_OPEN_FILES}`,
    'set LimitNOFILE=65536 in the systemd unit, or "ulimit -n 65536" before the start',
  )
}
