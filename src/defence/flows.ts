import { createHmac } from 'node:crypto'
import type { Db } from '../database.ts'
import { BudgetMap } from '../platform/budget-map.ts'
import { MINUTE, type SteadyClock } from '../platform/clock.ts'
import type { DayKey } from './day-key.ts'
import { settleFlows } from './flow.queries.ts'

/**
 * How many forms came of late from a network, for a domain, or in all: each is a bucket that fills with every form and
 * runs off at a steady rate, so that a level of 5 means five forms more than the rate allows. Counted in memory by keyed
 * hashes, so that no address stays there, and forgotten when it has run off. Settled with the other nodes once a second,
 * by hashes under the day's key. What stays below a few forms is never written anywhere.
 */
export interface FlowClass {
  name: string
  /** Forms that run off in a minute. */
  drain: number
}

/** Some 40,000 networks and domains; those that no form came from for longest are forgotten. */
const BUDGET_BYTES = 20 * 1024 * 1024
const BUCKET_BYTES = 150
/** Some 10,000 that other nodes have yet to hear of. */
const UNTOLD_BYTES = 4 * 1024 * 1024
/** From this level on a bucket is shared with the other nodes. */
const SHARED_FROM = 2
/** Buckets that are settled at a time; a flood from more networks than that is seen in their sum. */
const SETTLED_TOGETHER = 2000
const HASH_BYTES = 16
const FORGET_EVERY_MS = MINUTE

interface Bucket {
  class: FlowClass
  level: number
  /** On the clock that nobody sets, in milliseconds. */
  at: number
  /** Forms that the other nodes don't know of. */
  unsettled: number
}

export function createFlows({
  db,
  clock,
  dayKey,
  key,
}: {
  db: Db
  clock: Pick<SteadyClock, 'elapsed'>
  dayKey: Pick<DayKey, 'read'>
  /** The same on all nodes. */
  key: Buffer
}) {
  const buckets = new BudgetMap<Bucket>(BUDGET_BYTES, () => BUCKET_BYTES, 'flows')
  const dirty = new BudgetMap<true>(UNTOLD_BYTES, () => 0, 'flows_to_share')
  let forgottenAt = clock.elapsed()

  const nameOf = (flow: FlowClass, value: string) =>
    hash(key, `${flow.name} ${value}`).toString('base64url')

  function find(flow: FlowClass, name: string): Bucket {
    const known = buckets.get(name)
    if (known) {
      runOff(known)
      return known
    }
    return { class: flow, level: 0, at: clock.elapsed(), unsettled: 0 }
  }

  function runOff(bucket: Bucket): void {
    const now = clock.elapsed()
    bucket.level = Math.max(0, bucket.level - ((now - bucket.at) / 60_000) * bucket.class.drain)
    bucket.at = now
  }

  function forgetRunOff(): void {
    if (clock.elapsed() - forgottenAt < FORGET_EVERY_MS) return
    forgottenAt = clock.elapsed()
    for (const name of buckets.keys()) {
      const bucket = buckets.get(name)!
      runOff(bucket)
      if (bucket.level === 0) buckets.delete(name)
    }
  }

  return {
    /** @returns forms above the rate */
    level: (flow: FlowClass, value: string): number => find(flow, nameOf(flow, value)).level,
    /** Counts one form. @returns the level with it */
    add(flow: FlowClass, value: string): number {
      const name = nameOf(flow, value)
      const bucket = find(flow, name)
      bucket.level++
      bucket.unsettled++
      // Anew each time: a flood from more networks than there is room for must not put out the sum of all.
      buckets.set(name, bucket)
      if (bucket.level > SHARED_FROM) dirty.set(name, true)
      return bucket.level
    },
    /** Tells the other nodes what came here, and learns what came there. */
    async settle(): Promise<void> {
      forgetRunOff()
      const names = [...dirty.keys()].slice(0, SETTLED_TOGETHER)
      if (names.length === 0) return
      const ofDay = await dayKey.read()
      const told = names.flatMap((name) => {
        dirty.delete(name)
        const bucket = buckets.get(name)
        if (!bucket || bucket.unsettled === 0) return []
        const { unsettled } = bucket
        bucket.unsettled = 0
        return [{ bucket, hash: hash(ofDay, name), unsettled, drain: bucket.class.drain / 60 }]
      })
      const levels = await settleFlows(db, told).catch((error: unknown) => {
        for (const { bucket, unsettled } of told) bucket.unsettled += unsettled
        for (const name of names) dirty.set(name, true)
        throw error
      })
      for (const { bucket, hash } of told) {
        const level = levels.get(hash.toString('hex'))
        if (level === undefined) continue
        // The table knows no less than a node, unless it was emptied, or names its rows by a new day's key.
        runOff(bucket)
        bucket.level = Math.max(bucket.level, level + bucket.unsettled)
      }
    },
  }
}

const hash = (key: Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest().subarray(0, HASH_BYTES)

export type Flows = ReturnType<typeof createFlows>
