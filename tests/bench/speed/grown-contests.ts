import { spawn, spawnSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import type { Contest } from './compare.ts'
import { confirmRate, getRate, PUBLIC_PATHS, signRate } from './paths.ts'
import { type Stage, untilUp } from './stage.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const MAIN = `${ROOT}dist/src/main.js`
const LOOK_EVERY_MS = 50

/** The same paths with many signatures against few, and what reads all of them. */
export function grownContests(many: Stage, few: Stage, { forMs }: { forMs: number }): Contest[] {
  const rates: [string, (stage: Stage) => Promise<number>][] = [
    ['POST signatures, grown', (stage) => signRate(stage, forMs)],
    ['POST confirm, grown', (stage) => confirmRate(stage, forMs)],
    ...PUBLIC_PATHS.map(
      (path) =>
        [`GET ${path}, grown`, (stage: Stage) => getRate(stage, path, forMs)] as [
          string,
          (stage: Stage) => Promise<number>,
        ],
    ),
  ]
  let highestMb = 0
  return [
    ...rates.map(
      ([path, rate]): Contest => ({
        path,
        against: 'the same with few',
        unit: '/s',
        goal: 0.9,
        limit: 0.75,
        ours: () => rate(many),
        theirs: () => rate(few),
      }),
    ),
    {
      path: 'export counts',
      prepare: buildProgram,
      against: '',
      unit: 's',
      goal: 1,
      limit: 3,
      less: true,
      ours: async () => (await runCommand(many, ['export', 'counts', 'cop29-baku'])).seconds,
    },
    {
      path: 'export signatures',
      prepare: buildProgram,
      against: 'COPY of the same rows',
      unit: 'records/s',
      goal: 0.5,
      limit: 0.25,
      ours: async () => {
        const out = `${many.environment.DATA_DIR}/export.jsonl`
        const done = await runCommand(many, ['export', 'signatures', 'cop29-baku', '--out', out])
        highestMb = Math.max(highestMb, done.highestMb)
        await rm(out)
        return (await sealed(many)) / done.seconds
      },
      theirs: () => copyRate(many),
    },
    {
      path: 'export signatures, memory',
      against: '',
      unit: 'MB',
      goal: 200,
      limit: 300,
      less: true,
      // What the rounds of the row before reached.
      once: true,
      ours: async () => highestMb,
    },
    {
      path: 'start',
      prepare: buildProgram,
      against: 'the same with few',
      unit: 's',
      goal: 1,
      limit: 2,
      less: true,
      ours: () => startTime(many),
      theirs: () => startTime(few),
    },
  ]
}

/** As it is installed: from sources, most of what a command takes is compiling them. */
function buildProgram(): Promise<void> {
  const { status } = spawnSync('npm', ['run', '-s', 'build:server'], { cwd: ROOT, stdio: 'ignore' })
  if (status !== 0) throw new Error('npm run build:server failed')
  return Promise.resolve()
}

function runCommand(
  { environment }: Stage,
  args: string[],
): Promise<{ seconds: number; highestMb: number }> {
  const begun = performance.now()
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...environment },
    stdio: 'ignore',
  })
  let highestMb = 0
  const looking = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    const kb = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    highestMb = Math.max(highestMb, kb / 1024)
  }, LOOK_EVERY_MS)
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      clearInterval(looking)
      if (code !== 0) return reject(new Error(`${args.join(' ')} ended with ${code}`))
      resolve({ seconds: (performance.now() - begun) / 1000, highestMb })
    })
  })
}

async function copyRate(stage: Stage): Promise<number> {
  // Where PostgreSQL's own user may write.
  const { rows } = await stage.sql.query('show data_directory')
  const file = `${rows[0].data_directory}/copied`
  const begun = performance.now()
  await stage.sql.query(
    `copy (select signature_id, commitment, sealed from sealed_record
            where petition_id = 1 order by signature_id) to '${file}'`,
  )
  const seconds = (performance.now() - begun) / 1000
  await rm(file)
  return (await sealed(stage)) / seconds
}

async function sealed({ sql }: Stage): Promise<number> {
  const { rows } = await sql.query('select count(*)::int from sealed_record')
  return rows[0].count
}

/** @returns seconds until it answers, with the database as it is */
async function startTime({ environment }: Stage): Promise<number> {
  const port = await freePort()
  const begun = performance.now()
  const child = spawn(process.execPath, [MAIN, 'web'], {
    env: { ...process.env, ...environment, PORT: String(port), WEB_PROCESSES: '1' },
    stdio: 'ignore',
  })
  await untilUp(port)
  const seconds = (performance.now() - begun) / 1000
  await new Promise((resolve) => {
    child.once('exit', resolve)
    child.kill()
  })
  return seconds
}
