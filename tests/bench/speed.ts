import { fork } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Contest, contest, HEADING, type Row } from './speed/compare.ts'
import { grow } from './speed/grow.ts'
import { grownContests } from './speed/grown-contests.ts'
import { pathContests } from './speed/path-contests.ts'
import { answerOf, PUBLIC_PATHS } from './speed/paths.ts'
import { ask } from './speed/processes.ts'
import { openStage, type Stage } from './speed/stage.ts'

/**
 * The paths that a crowd takes, each against what the machine can do at most, in rounds side by side;
 * then the same paths with many signatures against the same with few.
 *
 *   npm run bench -- [--full] [--defended] [--rounds 3] [--seconds 4] [part of a path's name]
 *
 * --defended: with the defence against floods, and a proof of work in each form.
 *
 * BENCH_PROFILE=folder writes the web's CPU profiles there, for Chromium's developer tools.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    defended: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
  },
})
const rounds = Number(values.rounds)
const forMs = Number(values.seconds) * 1000
const [only = ''] = positionals
const FEW = 10_000
const MANY = values.full ? 10_000_000 : 200_000
const RESULTS = fileURLToPath(new URL('../../bench-results/', import.meta.url))

const rows: Row[] = []
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  postgres: '',
}
const stages: Stage[] = []
const bare = fork(fileURLToPath(new URL('speed/bare-server.ts', import.meta.url)), {
  execArgv: ['--import', 'tsx'],
})
try {
  const few = await stageWith(FEW)
  machine.postgres = (await few.sql.query('show server_version')).rows[0].server_version
  console.log(`${Object.values(machine).join(', ')} (processor, cores, GB, Node, PostgreSQL)`)
  console.log(`${rounds} rounds of ${forMs / 1000} s each, in turn; medians`)
  const answers = Object.fromEntries(
    await Promise.all(
      PUBLIC_PATHS.map(async (path) => [path, await answerOf(few.port, path)] as const),
    ),
  )
  const { port: barePort } = await ask<{ port: number }>(bare, { answers })
  // Rows that the copies of a form's signature are made from.
  await few.run({ kind: 'sign', forMs: 1000 })
  console.log(`\nA the program, B what it is measured against\n\n${HEADING}`)
  await hold(pathContests(few, { barePort, forMs }))

  const wanted = grownContests(few, few, { forMs }).some(({ path }) => path.includes(only))
  if (wanted) {
    console.log(`\nmaking ${MANY.toLocaleString('en')} confirmed signatures…`)
    const many = await stageWith(MANY)
    await many.run({ kind: 'sign', forMs: 1000 })
    console.log(
      `\nA with ${MANY.toLocaleString('en')} confirmed signatures in one petition, B with ${FEW.toLocaleString('en')}\n\n${HEADING}`,
    )
    await hold(grownContests(many, few, { forMs }))
  }
  if (rows.length === 0) throw new Error(`no row of the table has "${only}" in its name`)
  await mkdir(RESULTS, { recursive: true })
  const file = `${RESULTS}speed-${new Date().toISOString().slice(0, 16).replace(':', '')}.json`
  await writeFile(
    file,
    `${JSON.stringify({ machine, rounds, forMs, many: MANY, rows }, null, 2)}\n`,
  )
  console.log(`\nwritten to ${file}`)
} finally {
  bare.kill()
  for (const stage of stages) await stage.close()
}
process.exit(0)

async function hold(contests: Contest[]): Promise<void> {
  for (const each of contests) {
    if (!each.path.includes(only)) continue
    await each.prepare?.()
    rows.push(await contest(each, each.once ? 1 : rounds))
    await each.tidy?.()
  }
}

async function stageWith(count: number): Promise<Stage> {
  const more: Record<string, string> = values.defended ? { LIMITS: 'on' } : {}
  const stage = await openStage(process.env.BENCH_PROFILE ?? null, { more })
  stages.push(stage)
  await grow(stage.sql, count, (done) => {
    if (count > FEW && process.stdout.isTTY) process.stdout.write(`\r${done.toLocaleString('en')} `)
  })
  return stage
}
