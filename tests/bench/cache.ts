import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { findPrograms } from '../scale/site/find-programs.ts'
import { startBalancer } from '../scale/site/front.ts'
import { makePlace } from '../scale/site/place.ts'
import { median } from './speed/compare.ts'
import { PUBLIC_PATHS, rateOf } from './speed/paths.ts'
import { openStage, type Stage } from './speed/stage.ts'

/**
 * What a cache in front takes off the program: nginx as docs/scaling.md has it, on the same cores, between
 * the load generator and the site: npm run bench -- cache [seconds]
 */
const ROUNDS = 3
const forMs = Number(process.argv[2] ?? 4) * 1000

const programs = findPrograms()
if ('missing' in programs) {
  console.log(`skipped: needs ${programs.missing.join(', ')} (apt-get install, on Debian)`)
  process.exit(0)
}
const stage = await openStage(null)
const place = await makePlace(programs)
const front = await freePort()
const nginx = await startBalancer(place, { own: front, webs: [stage.port, stage.port] })
try {
  console.log(
    '| path | the program, a second | through nginx, a second | of these at the program |',
  )
  console.log('|---|---|---|---|')
  for (const path of PUBLIC_PATHS) {
    const direct: number[] = []
    const cached: number[] = []
    let reached = 0
    for (let round = 0; round < ROUNDS; round++) {
      direct.push(rateOf(await stage.run({ kind: 'get', path, forMs })))
      const before = await countAnswers(stage)
      cached.push(rateOf(await stage.run({ kind: 'get', path, forMs, port: front })))
      reached += (await countAnswers(stage)) - before
    }
    const atProgram = (reached * 1000) / (ROUNDS * forMs)
    const shown = [median(direct), median(cached)].map((rate) =>
      Math.round(rate).toLocaleString('en'),
    )
    console.log(`| ${[path, ...shown, atProgram.toFixed(1)].join(' | ')} |`)
  }
} finally {
  await nginx.stop()
  await stage.close()
}
process.exit(0)

/** Everything that the program has answered so far, the question for it left out. */
async function countAnswers({ port }: Stage): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  let answers = 0
  for (const [, labels, count] of metrics.matchAll(
    /^http_(?:ready_answers_total|request_duration_seconds_count)\{(.*)\} (\d+)$/gm,
  )) {
    if (!labels!.includes('route="/metrics"')) answers += Number(count)
  }
  return answers
}
