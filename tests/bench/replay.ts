import { fork } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CURVE_HOURS, PEAK_PER_MINUTE, signaturesAt, steepestHour } from './replay/curve.ts'
import { findLost } from './replay/outcome/find-lost.ts'
import { readParent, readProcessorTime } from './replay/outcome/processor-time.ts'
import { settle } from './replay/outcome/settle.ts'
import { tellOutcome, tellProgress } from './replay/outcome/tell.ts'
import { untilIdle } from './replay/outcome/until-idle.ts'
import type { Played, Progress, ReplayTask } from './replay/replay-task.ts'
import { ask } from './speed/processes.ts'
import { openStage, type Stage } from './speed/stage.ts'

/**
 * The days of March 2019 in which six million people signed one petition, in a sixtieth of the time,
 * against one node: every signer's form, mail, link and confirmation, and everyone who watches the count.
 *
 *   npm run bench -- replay [--hours 1 | --all] [--compress 60] [--viewers 100000] [--share 1]
 *
 * The steepest hours are taken. `--share` takes that part of the signers. Viewers are as many and ask as
 * often as in life: people don't look more often because time is short.
 *
 * BENCH_PROFILE=folder writes the web's CPU profiles there, for Chromium's developer tools.
 */
const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    compress: { type: 'string', default: '60' },
    viewers: { type: 'string', default: '100000' },
    share: { type: 'string', default: '1' },
  },
})
const [hours, compress, share, viewers] = [
  values.all ? CURVE_HOURS : Number(values.hours),
  Number(values.compress),
  Number(values.share),
  Number(values.viewers),
] as const
if (
  !(hours > 0 && hours <= CURVE_HOURS && compress > 0 && share > 0 && share <= 1 && viewers >= 0)
) {
  console.error(`Of ${CURVE_HOURS} hours, and a share of at most 1, there is nothing like that.`)
  process.exit(2)
}
const fromHour = steepestHour(hours)
const RESULTS = fileURLToPath(new URL('../../bench-results/', import.meta.url))
const TELL_EVERY_SECONDS = 5
/** Between two polls of who sees the count change: see choose-wait.ts and its jitter. */
const MEAN_WAIT_SECONDS = 1.8

const stage = await openStage(process.env.BENCH_PROFILE ?? null, {
  sink: '../replay/mail/letter-sink.ts',
  // As in development, so that the end is soon seen; production writes the log every 300 s.
  more: { LIMITS: 'on', LOG_INTERVAL: '5' },
})
let failed = true
try {
  failed = await replay(stage)
} finally {
  await stage.close()
}
process.exit(failed ? 1 : 0)

/** @returns whether anything was lost or went wrong */
async function replay({ sql, sink, web, port }: Stage): Promise<boolean> {
  const { port: lettersPort } = await ask<{ port: number }>(sink, { letters: true })
  const worker = await stage.startWorker()
  const task: ReplayTask = { port, lettersPort, fromHour, hours, compress, share, viewers }
  tellTask()
  const crowd = fork(fileURLToPath(new URL('replay/crowd/play-crowd.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
  })
  try {
    const { rows } = await sql.query('select pg_backend_pid() as pid')
    const roots = {
      web: web.pid!,
      worker: worker.process.pid!,
      PostgreSQL: await readParent(rows[0].pid),
      'mail server': sink.pid!,
      crowd: crowd.pid!,
    }
    await untilIdle(roots)
    const before = await readProcessorTime(roots)
    const { did, kind, ...played } = await play(crowd, task)
    const after = await readProcessorTime(roots)
    const processorTime = Object.fromEntries(
      Object.entries(after).map(([name, seconds]) => [name, seconds - before[name]!]),
    )
    const settled = await settle(sql, played.lastConfirmedAt)
    const lost = await findLost(stage, did)
    const outcome = { played, lost, settled, processorTime }
    console.log(`\n${tellOutcome(outcome)}`)
    await keep({ task, outcome })
    const anyLost = Object.values(lost).some((count) => count > 0) || played.mailsWithoutLink > 0
    return anyLost || Object.keys(played.errors).length > 0
  } finally {
    crowd.kill()
    await worker.stop()
  }
}

function tellTask(): void {
  const signatures = signaturesAt(fromHour + hours) - signaturesAt(fromHour)
  const number = (value: number) => Math.round(value).toLocaleString('en')
  console.log(
    [
      `hours ${fromHour} to ${fromHour + hours} of ${CURVE_HOURS}, ${compress} times as fast: ${number(signatures * share)} signatures in ${number((hours * 3600) / compress)} s, at most ${number((PEAK_PER_MINUTE * compress * share) / 60)} a second`,
      `${number(viewers)} viewers, each asking about every ${MEAN_WAIT_SECONDS} s while the count changes: ${number(viewers / MEAN_WAIT_SECONDS)} requests a second, over shared connections as from a balancer`,
      'one in 10 signers never confirms, one in 20 sends the form twice, one in 10 opens the link’s page and follows every redirect',
      '',
    ].join('\n'),
  )
}

function play(crowd: ReturnType<typeof fork>, task: ReplayTask): Promise<Played> {
  let told: Progress | null = null
  let toldAt = performance.now()
  return new Promise((resolve, reject) => {
    crowd.once('exit', (code) => reject(new Error(`the crowd ended with ${code}`)))
    crowd.on('message', (message: Progress | Played) => {
      if (message.kind === 'played') return resolve(message)
      const seconds = (performance.now() - toldAt) / 1000
      if (seconds < TELL_EVERY_SECONDS && !message.over) return
      console.log(tellProgress(message, told, seconds))
      told = message
      toldAt = performance.now()
    })
    crowd.send(task)
  })
}

async function keep(result: object): Promise<void> {
  await mkdir(RESULTS, { recursive: true })
  const file = `${RESULTS}replay-${new Date().toISOString().slice(0, 16).replace(':', '')}.json`
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }
  await writeFile(file, `${JSON.stringify({ machine, ...result }, null, 2)}\n`)
  console.log(`\nwritten to ${file}`)
}
