import { mailDomains } from '../platform/address/mail-domains.ts'
import { HOUR, MINUTE } from '../platform/clock.ts'
import type { FlowClass } from './flows.ts'
import type { Network } from './network.ts'
import type { Proved } from './proof-of-work.ts'
import type { Bounds, Step, Steps } from './work-steps.ts'

/** Forms a minute that run off, of each kind of count. */
export const HOST: FlowClass = { name: 'host', drain: 1 }
export const NET: FlowClass = { name: 'net', drain: 4 }
export const DOMAIN: FlowClass = { name: 'domain', drain: 10 }
export const ADDRESS: FlowClass = { name: 'address', drain: 1 / 60 }
export const SITE: FlowClass = { name: 'site', drain: 600 }
export const UNPROVED: FlowClass = { name: 'unproved', drain: 120 }
/** Of those that wait, by reason and network: whose network sends on, stands behind its earlier ones for hours. */
export const WAITING: FlowClass = { name: 'waiting', drain: 1 / 10 }

/** Reports of names and comments: what comes faster is noted, and hides nothing. */
export const REPORTS_OF_HOST: FlowClass = { name: 'reports host', drain: 1 / 12 }
export const REPORTS_OF_NET: FlowClass = { name: 'reports net', drain: 1 / 4 }
/** Letters that somebody says to have written: what comes faster is not counted. */
export const LETTERS_OF_HOST: FlowClass = { name: 'letters host', drain: 1 / 12 }
export const LETTERS_OF_NET: FlowClass = { name: 'letters net', drain: 1 / 4 }
const CLICKED = { host: 3, net: 9 }
/** Of what costs one press of a button. */
export const isInTime = (levels: { host: number; net: number }): boolean =>
  levels.host <= CLICKED.host && levels.net <= CLICKED.net
/** The letters of all whose address tells nobody apart, such as an onion service's readers. */
export const LETTERS_OF_NOBODY: FlowClass = { name: 'letters nobody', drain: 4 }
export const MOST_OF_NOBODY = 60

/**
 * The same of forms alone whose page did its work, which are judged by these: who sends others by the thousand, with
 * somebody's address or through somebody's network, holds up no such form.
 */
const proved = ({ name, drain }: FlowClass): FlowClass => ({ name: `proved ${name}`, drain })
export const PROVED_HOST = proved(HOST)
export const PROVED_NET = proved(NET)
export const PROVED_DOMAIN = proved(DOMAIN)
export const PROVED_ADDRESS = proved(ADDRESS)

/**
 * Why a form's mail waits. `slow`: it had no proof of work, or one of too little; it goes out after a minute, in its
 * turn. The others go out a few a minute until the flood is over: too many forms without proof on the whole site, too
 * many from one network, for one domain, or with one address.
 */
export const HELD = ['slow', 'unproved', 'network', 'domain', 'address'] as const
export type Held = (typeof HELD)[number]

/** Keys to derive at most, by step. Under a second of a phone seven times slower than a desk's computer; under four. */
const WORK = [0, 2000, 8000] as const

/**
 * Where work is asked for, in forms above the rate; see work-steps.ts. The whole site's falls sooner: between thousands
 * of forms nobody's shows.
 */
const BOUNDS = {
  host: { between: [4, 12, 24], period: HOUR },
  net: { between: [16, 48, 96], period: HOUR },
  site: { between: [300, 600, 6000], period: 5 * MINUTE },
  /** Below it forms without proof pass as those with one do. */
  unproved: { between: [15, 45, 120], period: 5 * MINUTE },
  /** Of forms without work for one domain: from here on its others need work to be told from them. */
  domain: { between: [75, 225, 300], period: HOUR },
} satisfies Record<string, Bounds>

/** Above `held` a mail waits. */
const LIMITS = {
  host: { held: 60 },
  net: { held: 240 },
  /** From a provider with many people's mailboxes a crowd comes, too. */
  domain: { held: 300 },
  address: { held: 6 },
  /** Without enough work. */
  unproved: { free: 120, held: 1200 },
} as const
export interface Levels {
  host: number
  net: number
  site: number
}

/** @param network null where addresses tell nobody apart */
export function stepsOf(steps: Steps, network: Network | null, levels: Levels) {
  const place: Step = network
    ? larger(
        steps(`host ${network.host}`, levels.host, BOUNDS.host),
        steps(`net ${network.net}`, levels.net, BOUNDS.net),
      )
    : 0
  return { place, all: larger(place, steps('site', levels.site, BOUNDS.site)) }
}

const larger = (a: Step, b: Step): Step => (a > b ? a : b)

export const workOf = (step: Step): number => WORK[step]

export const isCalm = (steps: Steps, unproved: number): boolean =>
  steps('unproved', unproved, BOUNDS.unproved) === 0

export const isCrowded = (steps: Steps, domain: string, level: number): boolean =>
  !mailDomains.has(domain) && steps(`domain ${domain}`, level, BOUNDS.domain) > 0

/** It may have been asked for less a moment ago. */
export const isEnough = (work: number, step: Step): boolean => work * 2 >= WORK[step]

export interface Judged {
  /** Null: none that holds. */
  proof: Proved | null
  hasWorked: boolean
  domain: string
}

interface Counted extends Pick<Levels, 'host' | 'net'> {
  /** Counts it among the forms without enough work, with it: only those that wait for nothing else are. */
  unproved: () => number
  domain: number
  address: number
}

/**
 * @param levels of its kind, with work or without: of its network before it came, the others with it
 * @param place the step of its network
 * @returns null: mail it at once
 */
export function judgeForm(
  { proof, hasWorked, domain }: Judged,
  levels: Counted,
  place: Step,
): Held | null {
  if (levels.host > LIMITS.host.held || levels.net > LIMITS.net.held) return 'network'
  if (levels.domain > LIMITS.domain.held && !mailDomains.has(domain)) return 'domain'
  // The last: one robot's forms with many addresses are no company for those of a person whose address it uses.
  if (levels.address > LIMITS.address.held) return 'address'
  if (hasWorked) return null
  const unproved = levels.unproved()
  if (!proof && unproved > LIMITS.unproved.held) return 'unproved'
  return unproved > LIMITS.unproved.free || place > 0 ? 'slow' : null
}
