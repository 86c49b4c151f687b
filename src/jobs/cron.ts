import type { CronJob } from '../platform/jobs/start-worker.ts'

/** What the clock starts, in UTC. */
export const cron: CronJob[] = [
  { task: 'remind-pending', pattern: '*/10 * * * *' },
  { task: 'release-held', pattern: '* * * * *' },
  { task: 'publish-due', pattern: '* * * * *' },
  { task: 'keep-quarantines', pattern: '* * * * *' },
  { task: 'keep-sending', pattern: '* * * * *' },
  { task: 'note-webhook-events', pattern: '* * * * *' },
  { task: 'mail-milestones', pattern: '*/5 * * * *' },
  { task: 'look-for-anomalies', pattern: '5 * * * *' },
  { task: 'tend-imports', pattern: '35 * * * *' },
  { task: 'erase-unconfirmed', pattern: '5 * * * *' },
  { task: 'forget-flows', pattern: '*/10 * * * *' },
  { task: 'requeue-readable', pattern: '50 2 * * *' },
  { task: 'reconcile-tally', pattern: '20 3 * * *' },
  { task: 'reconcile-log', pattern: '40 3 * * *' },
]
