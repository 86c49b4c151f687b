import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { readConfig } from '../../../src/config.ts'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import { findRunningEmbedded } from '../../../src/platform/database/embedded/start-embedded.ts'
import { migrateUp } from '../../../src/platform/database/migrate.ts'
import { openSite, type Site } from '../../../src/site.ts'
import { TESTER } from '../../support/tester.ts'
import { removeData } from '../remove-data.ts'
import { ask } from './processes.ts'
import type { LoadSummary, LoadTask } from './speed-task.ts'

export { API, PAGE } from './addresses.ts'

/** As many as the load generator keeps open. */
const CONNECTIONS = 256

/** A task without what every one has. */
type Load = LoadTask extends infer Task
  ? Task extends LoadTask
    ? Omit<Task, 'port' | 'connections'> & { port?: number }
    : never
  : never

/** A site with its own PostgreSQL, a load generator and a mail server that keeps nothing. */
export interface Stage {
  url: string
  port: number
  sinkPort: number
  sink: ChildProcess
  web: ChildProcess
  sql: pg.Client
  /** For what a baseline needs to be told. */
  site: Site
  /** What a process of the program needs to be told. */
  environment: Record<string, string>
  run(task: Load): Promise<LoadSummary>
  startWorker(): Promise<{ process: ChildProcess; stop(): Promise<void> }>
  close(): Promise<void>
}

/**
 * @param profile folder for the web's CPU profile; null for none
 * @param options.sink file of the mail server; `options.more` is what the program is told besides
 */
export async function openStage(
  profile: string | null,
  { sink: sinkFile = 'mail-sink.ts', more = {} as Record<string, string> } = {},
): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'undersigned-bench-'))
  const secrets = { DATA_DIR: dataDir, SECRET_KEY: Buffer.alloc(32, 7).toString('base64') }
  const open = await openSite(readConfig(secrets), null, { share: false })
  await migrateUp(open.connection.db, open.connection.pool)
  await open.site.publishing.publishDemo(TESTER)
  const url = (await findRunningEmbedded(dataDir))!
  const sql = new pg.Client(url)
  await sql.connect()
  const children: ChildProcess[] = []
  const begin = (file: string, args: string[], options: Parameters<typeof fork>[2]) => {
    const path = fileURLToPath(new URL(file, import.meta.url))
    const child = fork(path, args, { execArgv: ['--import', 'tsx'], ...options })
    children.push(child)
    return child
  }
  const sink = begin(sinkFile, [], {})
  const { port: sinkPort } = await ask<{ port: number }>(sink, { listen: true })
  const port = await freePort()
  const environment = {
    ...secrets,
    DATABASE_URL: url,
    PORT: String(port),
    SMTP_URL: `smtp://127.0.0.1:${sinkPort}`,
    WEB_PROCESSES: String(cpus().length),
    // What is measured is how much it can take, not whom it refuses.
    LIMITS: 'off',
    ...more,
  }
  const program = (role: string, execArgv: string[] = []) =>
    begin('../../../src/main.ts', [role], {
      execArgv: ['--import', 'tsx', ...execArgv],
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  const web = program('web', profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])
  const generator = begin('load-process.ts', [], {})
  await untilUp(port)
  return {
    url,
    port,
    sinkPort,
    sink,
    web,
    sql,
    site: open.site,
    environment,
    run: (task) =>
      ask(generator, { connections: CONNECTIONS, port, proofs: more.LIMITS === 'on', ...task }),
    async startWorker() {
      const worker = program('worker')
      // Says so on its output, which nobody reads here: its lock in the database tells as well.
      await new Promise((resolve) => setTimeout(resolve, 5000))
      return { process: worker, stop: () => stopped(worker) }
    },
    async close() {
      await stopped(web)
      for (const child of children) child.kill()
      await sql.end()
      await open.close()
      await removeData(dataDir, open)
    },
  }
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill()
  })
}

export async function untilUp(port: number): Promise<void> {
  for (let wait = 0; wait < 2000; wait++) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the site did not start')
}
