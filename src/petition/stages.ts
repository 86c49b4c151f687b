import type { Clock } from '../platform/clock.ts'
import { type Petition, petitionState } from './petition.ts'

/** States of a petition that everybody may know of. */
export const STAGES = ['upcoming', 'open', 'paused', 'closed', 'delivered', 'answered'] as const
export type Stage = (typeof STAGES)[number]

/** A petition without proved recipients takes no signatures yet: to machines it is upcoming. */
export function stageOf(petition: Petition, clock: Clock): Stage {
  const state = petitionState(petition, clock)
  return STAGES.find((stage) => stage === state) ?? 'upcoming'
}
