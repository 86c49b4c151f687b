import { wait } from '../../scale/wait.ts'
import type { Site } from '../site/open-site.ts'
import type { Trial } from '../trial.ts'

const EVERY_MS = 5000
const MINUTE_MS = 60_000
/** What a garbage collector may leave for later. */
const MORE_MEGABYTES = 40
const MORE_HANDLES = 12
const MORE_BLOAT_MEGABYTES = 8
/** Queues, whose rows go as fast as they come. */
const QUEUES = ['tally_queue', 'sealing_queue', 'log_queue', 'graphile_worker._private_jobs']

interface Sample {
  megabytes: number
  handles: number
  /** Of the queues' tables and indexes. */
  bloat: number
}

export const trial: Trial = {
  name: 'soak',
  what: 'nothing goes wrong: 50 signatures a second; a run is a minute',
  sizes: { short: 0, long: 480 },
  site: { nodes: ['web', 'worker'] },
  crowd: { signers: 50, readers: 20 },
  async run({ site, tell, check, ran }, size) {
    const samples: Sample[] = []
    for (let minute = 0; minute < size; minute++) {
      const until = performance.now() + MINUTE_MS
      while (performance.now() < until) {
        await wait(EVERY_MS)
        samples.push(await sample(site))
      }
      const { megabytes, handles, bloat } = samples.at(-1)!
      tell(`${megabytes.toFixed(0)} MB, ${handles} handles, queues ${bloat.toFixed(1)} MB`)
      ran()
    }
    // The first half warms caches up; then the first and the last third of what follows are compared.
    const later = samples.slice(samples.length >> 1)
    const third = Math.max(1, Math.floor(later.length / 3))
    const flat = (what: keyof Sample, more: number) => {
      const from = median(later.slice(0, third).map((each) => each[what]))
      const to = median(later.slice(-third).map((each) => each[what]))
      const figures = `${from.toFixed(1)}, later ${to.toFixed(1)}`
      tell(`${what}: ${figures}`)
      check(`${what} stay flat`, to <= from + more, figures)
    }
    flat('megabytes', MORE_MEGABYTES)
    flat('handles', MORE_HANDLES)
    flat('bloat', MORE_BLOAT_MEGABYTES)
  },
}

async function sample({ nodes, sql }: Site): Promise<Sample> {
  const weights = await Promise.all(nodes.map((node) => node.weigh()))
  const { rows } = await sql.query<{ bytes: string }>(
    'select sum(pg_total_relation_size(name::regclass)) as bytes from unnest($1::text[]) as name',
    [QUEUES],
  )
  return {
    megabytes: weights.reduce((sum, each) => sum + each.megabytes, 0),
    handles: weights.reduce((sum, each) => sum + each.handles, 0),
    bloat: Number(rows[0]!.bytes) / 2 ** 20,
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
