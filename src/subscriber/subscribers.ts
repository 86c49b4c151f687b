import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { inTimeToAnswer } from '../platform/in-time.ts'
import { listSubscribers } from './list-subscribers.ts'
import { findSubscriber, unsubscribe } from './store.ts'
import {
  type WelcomeNeeds,
  type WelcomeSubscriberJob,
  welcomeSubscriber,
} from './welcome-subscriber.ts'

export type { Subscriber } from './store.ts'

/** The lists for updates. Signing up for one belongs to the confirmation: see subscribe.ts. */
export type Subscribers = ReturnType<typeof createSubscribers>

export function createSubscribers(needs: WelcomeNeeds & { clock: Clock }) {
  const { db, clock } = needs
  return {
    find: (id: string) => inTimeToAnswer(findSubscriber(db, id)),
    unsubscribe: (id: string) => inTimeToAnswer(unsubscribe(db, id)),
    /** The job that greets a new subscriber. */
    welcome: (job: WelcomeSubscriberJob) => welcomeSubscriber(needs, job),
    /** See listSubscribers. */
    list: (trx: Db, petition: Petition, onRows: (rows: number) => void) =>
      listSubscribers(trx, needs, petition, { now: clock.now(), onRows }),
  }
}
