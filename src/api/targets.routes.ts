import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { mediaTypes } from '../count/write-counts.ts'
import { getPetition } from '../pages/get-petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import type { Clock } from '../platform/clock.ts'
import type { AnswerCache } from '../platform/web/answer-cache.ts'
import { FIGURES_CACHE } from '../platform/web/send-page.ts'
import { standingEntries, stateOf, type Target } from '../target/target-state.ts'
import type { Targets } from '../target/targets.ts'
import { answersOf, SlugParams } from './api.schemas.ts'
import { TargetsAnswer } from './targets.schema.ts'

interface Needs {
  clock: Clock
  petitions: Petitions
  targets: Pick<Targets, 'of'>
  answers: AnswerCache
}

export function targetsApi(api: FastifyInstance, needs: Needs): void {
  const { clock, petitions, targets, answers } = needs
  api.get<{ Params: Static<typeof SlugParams> }>(
    '/v1/petitions/:slug/targets',
    {
      schema: {
        operationId: 'getTargets',
        summary: 'Those whom it asks, their answers, and all that was noted of them',
        params: SlugParams,
        response: answersOf('application/json', 'Those whom it asks', TargetsAnswer),
      },
    },
    async (request, reply) => {
      const petition = await getPetition(petitions, request.params.slug)
      const make = async () => {
        const all = await targets.of(petition)
        return {
          body: JSON.stringify(describeTargets(petition, all, clock.now())),
          headers: { 'content-type': mediaTypes.json, 'cache-control': FIGURES_CACHE },
        }
      }
      return answers.send(reply, { key: `api targets ${petition.slug}`, make })
    },
  )
}

export const describeTargets = (
  { slug }: { slug: string },
  targets: Target[],
  now: Date,
): Static<typeof TargetsAnswer> => ({
  slug,
  targets: targets.map((target) => describeTarget(target, now)),
})

function describeTarget(
  target: Target,
  now: Date,
): Static<typeof TargetsAnswer>['targets'][number] {
  const { word, country, facts, entries } = target
  const state = stateOf(target, now)
  const standing = new Set(standingEntries(entries).map(({ id }) => id))
  return {
    id: word,
    country,
    office: facts.office ?? null,
    name: facts.name ?? null,
    contact: facts.contact ?? null,
    asked: facts.asked ?? null,
    state: state.is,
    since: sinceOf(state),
    stance: state.is === 'answered' ? state.stance : null,
    history: entries.map(({ id, kind, happened_on: on, noted_at, stance, texts, ...entry }) => ({
      id,
      kind,
      on,
      notedAt: noted_at.toISOString(),
      stance,
      texts,
      source: entry.source,
      corrects: entry.corrects,
      stands: standing.has(id),
    })),
  }
}

function sinceOf(state: ReturnType<typeof stateOf>): string | null {
  if (state.is === 'unasked') return null
  return state.is === 'answered' ? state.entry.happened_on : state.on
}
