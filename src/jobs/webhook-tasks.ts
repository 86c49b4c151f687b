import type { FastifyBaseLogger } from 'fastify'
import type { Task } from '../platform/jobs/start-worker.ts'
import { DELIVER_WEBHOOK, type DeliverWebhookJob } from '../webhook/deliver-event.ts'
import type { Webhooks } from '../webhook/webhooks.ts'

/** Waits for other people's servers, as mails do. */
export const OUTGOING = [DELIVER_WEBHOOK]

export const webhookTasks = ({
  webhooks,
  logger,
}: {
  webhooks: Webhooks
  logger: FastifyBaseLogger
}): Record<string, Task> => ({
  'note-webhook-events': async () => {
    await webhooks.noteEvents()
  },
  [DELIVER_WEBHOOK]: async (payload) => {
    const job = payload as DeliverWebhookJob
    const outcome = await webhooks.deliver(job)
    if (typeof outcome === 'string') return
    const { why, next } = outcome
    const told = { webhook: job.webhook, why }
    if (next === 'again') logger.debug(told, 'a webhook is tried again')
    else if (next === 'paused') logger.warn(told, 'a webhook was paused: its receiver is gone')
    else logger.error(told, 'a webhook was given up: see "undersigned webhook failed"')
  },
})
