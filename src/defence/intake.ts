import { createHmac } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../database.ts'
import { foldForCaps } from '../platform/address/email-address.ts'
import { registrableDomain } from '../platform/address/registrable-domain.ts'
import { HOUR, SECOND, type SteadyClock } from '../platform/clock.ts'
import { repeat } from '../platform/jobs/repeat.ts'
import type { Keyring } from '../platform/keyring.ts'
import { paceErrors } from '../platform/logger.ts'
import { createDayKey } from './day-key.ts'
import { forgetFlows } from './flow.queries.ts'
import { createFlows, type FlowClass } from './flows.ts'
import { type Network, networkOf } from './network.ts'
import { createProofs } from './proof-of-work.ts'
import { type Described, describeForm, type Traits } from './traits.ts'
import {
  ADDRESS,
  DOMAIN,
  type Held,
  HOST,
  isCalm,
  isCrowded,
  isEnough,
  isInTime,
  judgeForm,
  LETTERS_OF_HOST,
  LETTERS_OF_NET,
  LETTERS_OF_NOBODY,
  type Levels,
  MOST_OF_NOBODY,
  NET,
  PROVED_ADDRESS,
  PROVED_DOMAIN,
  PROVED_HOST,
  PROVED_NET,
  REPORTS_OF_HOST,
  REPORTS_OF_NET,
  SITE,
  stepsOf,
  UNPROVED,
  WAITING,
  workOf,
} from './verdict.ts'
import { createSteps, type Step } from './work-steps.ts'

const SETTLE_EVERY_MS = SECOND
/** Forms of one address above its rate, this one included, from which it has come again. */
const AGAIN_FROM = 1.5
/** Of a column of two bytes. */
const LAST_TURN = 32_767
/** So few that a hash tells no more than that forms belong together. */
const HASH_DIGITS = 12
/** For so long all pages are asked for work after a domain was crowded by forms without any. */
const CROWDED_MS = HOUR
/** The least that is asked for where any is. */
const SOME: Step = 1
/** The page has what it needs already. */
const ENOUGH = { enough: true }

/** What a form is judged by; nothing of it is stored but its traits. */
export interface Coming extends Described {
  /** Of the client, as the trusted proxies tell. */
  address: string
  email: { normalised: string; exact: string }
  /** The field with the proof of work, as sent. */
  proof: string
}

export interface Weighed {
  /** Why its mail waits; null: it goes out at once. */
  held: Held | null
  /** How many of its network wait before it for the same reason, by what is remembered of the last hours. */
  turn: number
  /** To be spent with the form: one proof lets one form pass. */
  proof: { id: Buffer; expiresAt: Date } | null
  /** What is noted of it; null: nothing. */
  traits: Traits | null
}

/** Of a form that nobody judges. */
export const UNWEIGHED: Weighed = { held: null, turn: 0, proof: null, traits: null }

interface Proxied {
  trustProxy: boolean | string
  publicUrl: string
}

/** HTTPS needs a proxy in front: while its word about clients is not believed, all forms seem to come from it. */
export const tellsClientsApart = ({ trustProxy, publicUrl }: Proxied): boolean =>
  trustProxy !== false || publicUrl.startsWith('http:')

/**
 * Tells a flood from a crowd. A form is never refused here: the more come from one place, the more work the page has to
 * do for each, and what still comes too fast is recorded like all others, and mailed later.
 *
 * @param on false: everything passes, for load tests
 */
export function createIntakeGuard(
  needs: { db: Db; clock: SteadyClock; keyring: Keyring; config: Proxied },
  { on }: { on: boolean },
) {
  const { db, clock, keyring } = needs
  const knowsClients = tellsClientsApart(needs.config)
  const dayKey = createDayKey({ db, clock, key: keyring.flows })
  const flows = createFlows({ db, clock, dayKey, key: keyring.flows })
  const proofs = createProofs({ key: keyring.proofs, clock })
  const hashOfDay = (value: string | undefined) => {
    const key = dayKey.current()
    if (!key || value === undefined) return null
    return createHmac('sha256', key).update(value).digest('hex').slice(0, HASH_DIGITS)
  }
  const steps = createSteps({ key: keyring.flows, clock })
  /** On the clock that nobody sets. Of what came to this node. */
  let crowdedUntil = 0
  const place = (address: string) => (knowsClients ? networkOf(address) : null)

  const ofNetwork = (network: Network | null, host: FlowClass, net: FlowClass) => ({
    host: network ? flows.level(host, network.host) : 0,
    net: network ? flows.level(net, network.net) : 0,
  })
  const levelsOf = (network: Network | null): Levels => ({
    ...ofNetwork(network, HOST, NET),
    site: flows.level(SITE, ''),
  })

  /** Who shares a crowded network is told from the crowd by the household. */
  function turnOf(held: Held, network: Network | null): number {
    if (!network) return 0
    const from = held === 'network' ? network.host : network.net
    return Math.min(LAST_TURN, Math.floor(flows.add(WAITING, `${held} ${from}`)) - 1)
  }

  return {
    /**
     * What the form that somebody is filling in has to bring: nothing more, in peace, or a challenge.
     *
     * @param address of the client
     * @param had work of the proof that the page has; 0: none
     */
    async challenge(address: string, had: number) {
      if (!on) return ENOUGH
      const network = place(address)
      const { all } = stepsOf(steps, network, levelsOf(network))
      const isPeace = isCalm(steps, flows.level(UNPROVED, '')) && clock.elapsed() >= crowdedUntil
      const step = all > 0 || isPeace ? all : SOME
      return isEnough(had, step) ? ENOUGH : proofs.challenge(workOf(step))
    },
    /** Counts a form, and judges it. */
    weigh(coming: Coming): Weighed {
      if (!on) return UNWEIGHED
      const { address, email, proof: text } = coming
      const network = place(address)
      const levels = levelsOf(network)
      const step = stepsOf(steps, network, levels)
      const proof = proofs.take(text)
      const hasWorked = proof !== null && isEnough(proof.work, step.all)
      const domain = registrableDomain(email.exact.slice(email.exact.lastIndexOf('@') + 1))
      const mailbox = foldForCaps(email.normalised)
      const counted = {
        ...(hasWorked ? ofNetwork(network, PROVED_HOST, PROVED_NET) : levels),
        unproved: () => flows.add(UNPROVED, ''),
        domain: flows.add(hasWorked ? PROVED_DOMAIN : DOMAIN, domain),
        address: flows.add(hasWorked ? PROVED_ADDRESS : ADDRESS, mailbox),
      }
      const held = judgeForm({ proof, hasWorked, domain }, counted, step.place)
      if (!hasWorked && isCrowded(steps, domain, counted.domain))
        crowdedUntil = clock.elapsed() + CROWDED_MS
      if (network) {
        flows.add(HOST, network.host)
        flows.add(NET, network.net)
        if (hasWorked) {
          flows.add(PROVED_HOST, network.host)
          flows.add(PROVED_NET, network.net)
        }
      }
      flows.add(SITE, '')
      const traits = {
        ...describeForm(coming, domain),
        again: counted.address > AGAIN_FROM,
        network: hashOfDay(network?.net),
        domain: hashOfDay(domain),
      }
      return { held, turn: held ? turnOf(held, network) : 0, proof, traits }
    },
    /**
     * Counts a report of a name or comment by where it comes from, as forms are; nothing is stored of who it was.
     *
     * @returns false where more come from there than people send
     */
    weighReport(address: string): boolean {
      const network = on ? place(address) : null
      if (!network) return true
      return isInTime({
        host: flows.add(REPORTS_OF_HOST, network.host),
        net: flows.add(REPORTS_OF_NET, network.net),
      })
    },
    /** The same of a letter that somebody says to have written. @returns whether it is to be counted */
    weighLetter(address: string): boolean {
      if (!on) return true
      const network = place(address)
      if (!network) return flows.add(LETTERS_OF_NOBODY, '') <= MOST_OF_NOBODY
      return isInTime({
        host: flows.add(LETTERS_OF_HOST, network.host),
        net: flows.add(LETTERS_OF_NET, network.net),
      })
    },
    /** Reads the day's key, without which no network or domain is recognised. */
    readDay: async () => void (await dayKey.read()),
    /** Deletes what has run off, and proofs that have expired. */
    forget: () => forgetFlows(db, clock.now()),
    /** Shares the counts with the other nodes, once a second. While the database is away each has its own. */
    keepSettling(logger: Pick<FastifyBaseLogger, 'warn'>) {
      const faults = paceErrors((fields) =>
        logger.warn(fields, 'counts of forms could not be shared'),
      )
      const work = async () => {
        await dayKey.read()
        await flows.settle()
      }
      const loop = repeat({ every: SETTLE_EVERY_MS, work, onError: faults.note })
      return {
        async stop() {
          await loop.stop()
          faults.close()
        },
      }
    },
  }
}

export type IntakeGuard = ReturnType<typeof createIntakeGuard>
