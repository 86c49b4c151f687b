import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { readConfig } from '../../src/config.ts'
import { openServices } from '../../src/open-services.ts'
import { publishDemo } from '../../src/petition/publishing/publish-demo.ts'
import { findRunningEmbedded } from '../../src/platform/database/embedded/start-embedded.ts'
import { migrateUp } from '../../src/platform/database/migrate.ts'
import { freePort } from '../support/free-port.ts'
import { CONFIRM, pgLoad, RECORD } from './speed/pg-load.ts'
import type { LoadSummary, LoadTask } from './speed/speed-task.ts'

/**
 * The paths that a crowd takes, each against what the machine can do at most, in rounds side by side:
 * npm run bench -- speed [rounds] [seconds] [part of a name]
 */
const rounds = Number(process.argv[2] ?? 3)
const seconds = Number(process.argv[3] ?? 4)
const forMs = seconds * 1000
const CONNECTIONS = 256
/** Where the site's CPU profile is to be written, for Chromium's developer tools. */
const profile = process.env.BENCH_PROFILE
/** Of those below, by a part of its name. */
const only = process.argv[4] ?? ''

const dataDir = await mkdtemp(join(tmpdir(), 'undersigned-bench-'))
const environment = { DATA_DIR: dataDir, SECRET_KEY: Buffer.alloc(32, 7).toString('base64') }
const open = await openServices(readConfig(environment), null, { share: false })
await migrateUp(open.connection.db, open.connection.pool)
await publishDemo(open.services)
const url = (await findRunningEmbedded(dataDir))!
const sqlClient = new pg.Client(url)
await sqlClient.connect()

const port = await freePort()
const children: ChildProcess[] = []
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const web = fork(here('../../src/main.ts'), ['web'], {
  execArgv: ['--import', 'tsx', ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])],
  env: {
    ...process.env,
    ...environment,
    DATABASE_URL: url,
    PORT: String(port),
    WEB_PROCESSES: String(cpus().length),
    SMTP_URL: 'smtp://127.0.0.1:1',
  },
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
})
children.push(web)
const generator = fork(here('speed/load-process.ts'), { execArgv: ['--import', 'tsx'] })
children.push(generator)

try {
  await untilUp(port)
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores; Node ${process.version}`)
  console.log(
    `${rounds} rounds of ${seconds} s each, medians; A the program, B what it is measured against\n`,
  )
  const bodies = {
    '/en/p/cop29-baku': await fetchBody(port, '/en/p/cop29-baku'),
    '/api/v1/petitions/cop29-baku': await fetchBody(port, '/api/v1/petitions/cop29-baku'),
  }
  const bare = fork(here('speed/bare-server.ts'), { execArgv: ['--import', 'tsx'] })
  children.push(bare)
  bare.send({ bodies })
  const { port: barePort } = await answerOf<{ port: number }>(bare)

  await run({ kind: 'sign', port, connections: 8, forMs: 1000 })
  await compare('POST signatures, durable', {
    a: async () => rateOf(await run({ kind: 'sign', port, connections: CONNECTIONS, forMs })),
    b: async () => (await pgLoad(url, RECORD, { forMs })).rate,
    goal: '1.5 (1.0)',
  })
  await calm()
  await compare('POST confirm', {
    a: async () => {
      const { first, last } = await freshPending(20_000 * seconds)
      return rateOf(
        await run({
          kind: 'confirm',
          port,
          connections: CONNECTIONS,
          forMs,
          fromId: first,
          toId: last,
        }),
      )
    },
    b: async () => {
      await freshPending(40_000 * seconds)
      return (await pgLoad(url, CONFIRM, { forMs })).rate
    },
    goal: '1.5 (0.8)',
  })
  for (const path of Object.keys(bodies)) {
    await compare(`GET ${path}`, {
      a: async () =>
        rateOf(await run({ kind: 'get', path, port, connections: CONNECTIONS, forMs })),
      b: async () =>
        rateOf(await run({ kind: 'get', path, port: barePort, connections: CONNECTIONS, forMs })),
      goal: '0.95 (0.8)',
    })
  }
} finally {
  for (const child of children) child.kill()
  await new Promise((resolve) =>
    web.exitCode === null ? web.once('exit', resolve) : resolve(null),
  )
  await sqlClient.end()
  await open.close()
  await rm(dataDir, { recursive: true, force: true })
}
process.exit(0)

/** How long answers take at 80 % of the highest rate. */
async function calm(): Promise<void> {
  if (!'POST signatures'.includes(only)) return
  const sign = { kind: 'sign', port, connections: CONNECTIONS } as const
  const rate = 0.8 * rateOf(await run({ ...sign, forMs }))
  const { p50, p99 } = await run({ ...sign, forMs: 2 * forMs, rate })
  console.log(
    `  at 80 % of its peak (${Math.round(rate)}/s): p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (goal 50, at most 150)`,
  )
}

async function compare(
  name: string,
  { a, b, goal }: { a: () => Promise<number>; b: () => Promise<number>; goal: string },
): Promise<void> {
  if (!name.includes(only)) return
  const as: number[] = []
  const bs: number[] = []
  for (let round = 0; round < rounds; round++) {
    as.push(await a())
    bs.push(await b())
  }
  const [ours, theirs] = [median(as), median(bs)]
  const show = (rate: number) => Math.round(rate).toLocaleString('en')
  console.log(
    `${name}: A ${show(ours)}/s, B ${show(theirs)}/s, A/B ${(ours / theirs).toFixed(2)}, goal ${goal}`,
  )
}

function rateOf({ requests, seconds, statuses }: LoadSummary): number {
  const wrong = Object.keys(statuses).filter((status) => !['200', '303'].includes(status))
  if (wrong.length > 0) throw new Error(`answers with ${JSON.stringify(statuses)}`)
  return requests / seconds
}

async function run(task: LoadTask): Promise<LoadSummary> {
  generator.send(task)
  return answerOf(generator)
}

/** Pending signatures as forms leave them, made by SQL: what is measured is confirming them. */
async function freshPending(count: number): Promise<{ first: number; last: number }> {
  const { rows } = await sqlClient.query(
    `with model as (select * from signature where state = 'pending' and display = 'hidden' order by id desc limit 1),
     added as (
       insert into signature (petition_id, text_version, consent_version, display, updates, country,
                              language, tag, details, created_at)
       select petition_id, text_version, consent_version, display, updates, country, language,
              decode(md5(random()::text || n::text), 'hex'), details, now()
         from model, generate_series(1, $1::int) n returning id)
     select min(id)::int as first, max(id)::int as last from added`,
    [count],
  )
  await sqlClient.query('truncate graphile_worker._private_jobs, tally_queue, sealing_queue')
  // Each confirmation is a row's first, as in life: a second one would be cheaper.
  await sqlClient.query(`create sequence if not exists bench_confirm`)
  await sqlClient.query(`select setval('bench_confirm', $1, false)`, [rows[0].first])
  await sqlClient.query('vacuum analyze signature')
  await sqlClient.query('checkpoint')
  return rows[0]
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T))
    child.once('exit', (code) => reject(new Error(`a process of the bench ended with ${code}`)))
  })
}

async function untilUp(at: number): Promise<void> {
  for (let wait = 0; wait < 200; wait++) {
    if (await fetch(`http://127.0.0.1:${at}/readyz`).catch(() => null)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the site did not start')
}

async function fetchBody(at: number, path: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${at}${path}`)
  return Buffer.from(await answer.arrayBuffer()).toString('base64')
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
