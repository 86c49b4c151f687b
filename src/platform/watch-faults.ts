import type { FastifyBaseLogger } from 'fastify'
import { isDatabaseAway } from './database/unavailable.ts'
import { paceErrors } from './logger.ts'

/** Of sockets, disks and mail servers, beside those of `isDatabaseAway`. */
const OUTAGE_CODES = new Set([
  'ECONNABORTED',
  'ECONNECTION',
  'EDNS',
  'EDQUOT',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOSPC',
  'ESOCKET',
  'UND_ERR_SOCKET',
])

/**
 * What pg and graphile-worker throw, without a code, where nobody can catch it: at those who still hold a connection or
 * a runner that is gone; and from LocalQueue.returnJobs when a runner has ended and could not give back the jobs that
 * it had fetched, which the next look for jobs of workers that are gone frees.
 */
const OUTAGE_MESSAGES =
  /^(Client was closed and is not queryable|Release called on client which has already been released|This batcher has been released|Error occurred whilst returning jobs from local queue)/

/**
 * Decides what ends the process, where Node ends it for every fault that nobody handled. The fault of a part that
 * is away, which some library forgot to handle, is logged and ends nothing: the code that needs that part tries again.
 * Anything else is a bug of which nobody knows what it left half done: it is logged with its stack, and the
 * program stops in order, for its supervisor to start it anew.
 *
 * @returns resolves with the first bug
 */
export function watchFaults(logger: Pick<FastifyBaseLogger, 'error' | 'fatal'>): Promise<unknown> {
  const outages = paceErrors((fields) =>
    logger.error(
      fields,
      'a part is away, and nobody handled it: please report this line; the program goes on',
    ),
  )
  return new Promise((resolve) => {
    const judge = (fault: unknown) => {
      if (isOutage(fault)) return outages.note(fault)
      const err = fault instanceof Error ? fault : new Error(String(fault))
      logger.fatal({ err }, 'unexpected: the program stops, please report this line')
      resolve(fault)
    }
    process.on('uncaughtException', judge).on('unhandledRejection', judge)
    // A terminal that was closed, or a full disk behind it.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  })
}

function isOutage(fault: unknown): boolean {
  if (isDatabaseAway(fault)) return true
  const { code, message } = Object(fault) as { code?: unknown; message?: unknown }
  if (OUTAGE_MESSAGES.test(String(message))) return true
  return typeof code === 'string' && OUTAGE_CODES.has(code)
}
