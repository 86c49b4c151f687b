import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../database.ts'
import { foldForCaps } from '../platform/address/email-address.ts'
import { SECOND, type SteadyClock } from '../platform/clock.ts'
import { repeat } from '../platform/jobs/repeat.ts'
import type { Keyring } from '../platform/keyring.ts'
import { paceErrors } from '../platform/logger.ts'
import { forgetFlows } from './flow.queries.ts'
import { createFlows, type FlowClass } from './flows.ts'
import { type Network, networkOf } from './network.ts'
import { createProofs } from './proof-of-work.ts'
import {
  ADDRESS,
  DOMAIN,
  type Held,
  HOST,
  isEnough,
  judgeForm,
  type Levels,
  NET,
  PROVED_ADDRESS,
  PROVED_DOMAIN,
  PROVED_HOST,
  PROVED_NET,
  requiredWork,
  SITE,
  UNPROVED,
} from './verdict.ts'

const SETTLE_EVERY_MS = SECOND

/** What a form is judged by; nothing of it is stored. */
export interface Coming {
  /** Of the client, as the trusted proxies tell. */
  address: string
  email: { normalised: string; exact: string }
  /** The field with the proof of work, as sent. */
  proof: string
}

export interface Weighed {
  /** Why its mail waits; null: it goes out at once. */
  held: Held | null
  /** To be spent with the form: one proof lets one form pass. */
  proof: { id: Buffer; expiresAt: Date } | null
}

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
  const flows = createFlows({ db, clock, key: keyring.flows })
  const proofs = createProofs({ key: keyring.proofs, clock })
  const place = (address: string) => (knowsClients ? networkOf(address) : null)

  const ofNetwork = (network: Network | null, host: FlowClass, net: FlowClass) => ({
    host: network ? flows.level(host, network.host) : 0,
    net: network ? flows.level(net, network.net) : 0,
  })
  const levelsOf = (network: Network | null): Levels => ({
    ...ofNetwork(network, HOST, NET),
    site: flows.level(SITE, ''),
  })

  return {
    /** A challenge for the form that somebody is filling in. @param address of the client */
    challenge: (address: string) =>
      proofs.challenge(on ? requiredWork(levelsOf(place(address))) : 1),
    /** Counts a form, and judges it. */
    weigh({ address, email, proof: text }: Coming): Weighed {
      if (!on) return { held: null, proof: null }
      const network = place(address)
      const levels = levelsOf(network)
      const proof = proofs.take(text)
      const hasWorked = proof !== null && isEnough(proof, levels)
      const domain = email.exact.slice(email.exact.lastIndexOf('@') + 1)
      const held = judgeForm(
        { proof, hasWorked, domain },
        {
          ...(hasWorked ? ofNetwork(network, PROVED_HOST, PROVED_NET) : levels),
          unproved: proof ? 0 : flows.add(UNPROVED, ''),
          domain: flows.add(hasWorked ? PROVED_DOMAIN : DOMAIN, domain),
          address: flows.add(hasWorked ? PROVED_ADDRESS : ADDRESS, foldForCaps(email.normalised)),
        },
      )
      if (network) {
        flows.add(HOST, network.host)
        flows.add(NET, network.net)
        if (hasWorked) {
          flows.add(PROVED_HOST, network.host)
          flows.add(PROVED_NET, network.net)
        }
      }
      flows.add(SITE, '')
      return { held, proof }
    },
    /** Deletes what has run off, and proofs that have expired. */
    forget: () => forgetFlows(db, clock.now()),
    /** Shares the counts with the other nodes, once a second. While the database is away each has its own. */
    keepSettling(logger: Pick<FastifyBaseLogger, 'warn'>) {
      const faults = paceErrors((fields) =>
        logger.warn(fields, 'counts of forms could not be shared'),
      )
      const loop = repeat({ every: SETTLE_EVERY_MS, work: flows.settle, onError: faults.note })
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
