import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { composeMail } from '../../../src/signature/mail/compose-mail.ts'
import type { Contest } from './compare.ts'
import {
  calmP99,
  confirmRate,
  countLag,
  getRate,
  mailRate,
  PUBLIC_PATHS,
  rateOf,
  signRate,
} from './paths.ts'
import { freshPending, pendingOf } from './pending.ts'
import { CONFIRM, CONFIRM_ROWS, pgLoad, RECORD } from './pg-load.ts'
import { ask } from './processes.ts'
import type { Stage } from './stage.ts'

const MAILS = 3000

/** Each path against what it is measured against. */
export function pathContests(
  stage: Stage,
  { barePort, forMs }: { barePort: number; forMs: number },
): Contest[] {
  const { url } = stage
  const bareRate = async (path: string) =>
    rateOf(await stage.run({ kind: 'get', path, port: barePort, forMs }))
  let worker: { stop(): Promise<void> } | null = null
  const withWorker = {
    prepare: async () => {
      worker = await stage.startWorker()
    },
    tidy: async () => worker?.stop(),
  }
  return [
    {
      path: 'POST signatures, durable',
      against: 'one transaction a signature, the same rows, 50 connections',
      unit: '/s',
      goal: 1.5,
      limit: 1,
      ours: () => signRate(stage, forMs),
      theirs: async () => (await pgLoad(url, RECORD, { forMs })).rate,
    },
    {
      path: 'POST signatures, p99 at 80 % of its peak',
      against: '',
      unit: 'ms',
      goal: 50,
      limit: 150,
      less: true,
      ours: () => calmP99(stage, forMs),
    },
    {
      path: 'POST confirm',
      against: 'one UPDATE transaction a confirmation, 50 connections',
      unit: '/s',
      goal: 1.5,
      limit: 0.8,
      ours: () => confirmRate(stage, forMs),
      theirs: async () => {
        await freshPending(stage, forMs * 40)
        return (await pgLoad(url, CONFIRM, { forMs })).rate
      },
    },
    {
      path: 'POST confirm, all rows',
      against: 'the same with the signature and the rows that the queues get',
      unit: '/s',
      goal: 1.5,
      limit: 0.8,
      ours: () => confirmRate(stage, forMs),
      theirs: async () => {
        await freshPending(stage, forMs * 40)
        return (await pgLoad(url, CONFIRM_ROWS, { forMs })).rate
      },
    },
    ...PUBLIC_PATHS.flatMap((path): Contest[] => [
      {
        path: `GET ${path}`,
        against: 'a bare Fastify route, the same body',
        unit: '/s',
        goal: 0.95,
        limit: 0.8,
        ours: () => getRate(stage, path, forMs),
        theirs: () => bareRate(path),
      },
      {
        path: `GET ${path}, all bytes`,
        against: 'a bare Fastify route, the same headers and body',
        unit: '/s',
        goal: 0.95,
        limit: 0.8,
        ours: () => getRate(stage, path, forMs),
        theirs: () => bareRate(`/headers${path}`),
      },
    ]),
    {
      ...withWorker,
      path: 'count behind the truth, at peak',
      against: '',
      unit: 's',
      goal: 2,
      limit: 5,
      less: true,
      ours: () => countLag(stage, forMs),
    },
    {
      ...withWorker,
      path: 'confirmation mails, one worker',
      against: 'nodemailer’s pool, messages prepared',
      unit: '/s',
      goal: 0.8,
      limit: 0.5,
      ours: () => mailRate(stage, MAILS),
      theirs: () => poolRate(stage),
    },
  ]
}

async function poolRate(stage: Stage): Promise<number> {
  const { site, sinkPort } = stage
  const petition = (await site.petitions.find('cop29-baku'))!
  const mails = Array.from({ length: MAILS }, (_, nth) => {
    const submission = { ...pendingOf(nth), language: 'en' }
    const mail = composeMail(site, petition, submission, 'confirm', `s${nth}@example.org`)
    return { ...mail, from: site.config.mailFrom }
  })
  const pool = fork(fileURLToPath(new URL('pool-alone.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  })
  try {
    return (await ask<{ rate: number }>(pool, { port: sinkPort, mails })).rate
  } finally {
    pool.kill()
  }
}
