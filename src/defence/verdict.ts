import { mailDomains } from '../platform/address/mail-domains.ts'
import type { FlowClass } from './flows.ts'
import type { Proved } from './proof-of-work.ts'

/** Forms a minute that run off, of each kind of count. */
export const HOST: FlowClass = { name: 'host', drain: 1 }
export const NET: FlowClass = { name: 'net', drain: 4 }
export const DOMAIN: FlowClass = { name: 'domain', drain: 10 }
export const ADDRESS: FlowClass = { name: 'address', drain: 1 / 60 }
export const SITE: FlowClass = { name: 'site', drain: 600 }
export const UNPROVED: FlowClass = { name: 'unproved', drain: 120 }

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
 * turn. The others wait until the flood is over, or somebody looks: too many forms without proof on the whole site, too
 * many from one network, for one domain, or with one address.
 */
export const HELD = ['slow', 'unproved', 'network', 'domain', 'address'] as const
export type Held = (typeof HELD)[number]

/** Under a second of a phone that is seven times slower than a desk's computer, under four in a flood. */
const WORK = { least: 1500, most: 8000 }

/** Levels: below `free` nothing is asked, at `full` the most work, above `held` a mail waits. */
const LIMITS = {
  host: { free: 4, full: 24, held: 60 },
  net: { free: 16, full: 96, held: 240 },
  site: { free: 600, full: 6000 },
  /** From a provider with many people's mailboxes a crowd comes, too. */
  domain: { held: 300 },
  address: { held: 6 },
  /** Without proof. */
  unproved: { free: 120, held: 1200, host: 8, net: 30 },
} as const

export interface Levels {
  host: number
  net: number
  site: number
}

/** Keys that a form from such a place has to have derived at most. */
export function requiredWork(levels: Levels): number {
  const share = (['host', 'net', 'site'] as const).map((name) => {
    const { free, full } = LIMITS[name]
    return Math.min(1, Math.max(0, (levels[name] - free) / (full - free)))
  })
  return Math.round(WORK.least + Math.max(...share) * (WORK.most - WORK.least))
}

/** It may have been asked for less a moment ago. @param levels of its place before it came */
export const isEnough = (proof: Proved, levels: Levels): boolean =>
  proof.work * 2 >= requiredWork(levels)

export interface Judged {
  /** Null: none that holds. */
  proof: Proved | null
  hasWorked: boolean
  domain: string
}

/**
 * @param levels of its kind, with work or without: of its network before it came, the others with it
 * @returns null: mail it at once
 */
export function judgeForm(
  { proof, hasWorked, domain }: Judged,
  levels: Pick<Levels, 'host' | 'net'> & { unproved: number; domain: number; address: number },
): Held | null {
  if (levels.host > LIMITS.host.held || levels.net > LIMITS.net.held) return 'network'
  if (levels.domain > LIMITS.domain.held && !mailDomains.has(domain)) return 'domain'
  // The last: one robot's forms with many addresses are no company for those of a person whose address it uses.
  if (levels.address > LIMITS.address.held) return 'address'
  if (hasWorked) return null
  if (proof) return 'slow'
  const { free, held, host, net } = LIMITS.unproved
  if (levels.unproved > held) return 'unproved'
  return levels.unproved > free || levels.host > host || levels.net > net ? 'slow' : null
}
