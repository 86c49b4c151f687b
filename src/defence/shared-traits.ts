import { BudgetMap } from '../platform/budget-map.ts'
import type { Traits } from './traits.ts'

/** A network or a domain that a form has in common with others of the same day. */
export interface SharedTrait {
  /** The form's. */
  id: string
  kind: 'network' | 'domain'
  /** Keyed hash of the day, in hex. */
  value: string
}

/** What fewer forms have in common is written nowhere: three people of one day are in each group. */
export const SHARED_FROM = 3
/** Some 40,000 networks and domains of a day; those that no form came from for longest are forgotten. */
const BUDGET_BYTES = 16 * 1024 * 1024
const GROUP_BYTES = 120

/** Remembers the first forms of each group in memory alone, until a third one makes them a group. */
export function createSharedTraits() {
  /** The ids of the first forms; null once they have been told. */
  const groups = new BudgetMap<string[] | null>(BUDGET_BYTES, () => GROUP_BYTES)

  function note(id: string, name: string): string[] {
    const first = groups.get(name)
    if (first === null) return [id]
    const ids = [...(first ?? []), id]
    const isGroup = ids.length >= SHARED_FROM
    groups.set(name, isGroup ? null : ids)
    return isGroup ? ids : []
  }

  return {
    /** @returns rows to be written, of this form and maybe of earlier ones */
    note(id: string, petitionId: number, traits: Traits): SharedTrait[] {
      return (['network', 'domain'] as const).flatMap((kind) => {
        const value = traits[kind]
        // A large provider's domain tells nothing, and has a class of its own.
        if (value === null || (kind === 'domain' && traits.provider !== null)) return []
        return note(id, `${petitionId} ${kind} ${value}`).map((each) => ({ id: each, kind, value }))
      })
    },
  }
}

export type SharedTraits = ReturnType<typeof createSharedTraits>
