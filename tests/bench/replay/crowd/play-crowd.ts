import { createConnections } from '../load/connections.ts'
import { createMeter } from '../load/meter.ts'
import type { Played, Progress, ReplayTask } from '../replay-task.ts'
import { createCountLag } from './count-lag.ts'
import { createSigners } from './signers.ts'
import { createTimeline } from './timeline.ts'
import { createViewers } from './viewers.ts'

/**
 * The crowd, as a process of its own. Nobody waits for the site: everyone comes when the curve says
 * so, and what is late is measured from when it was due.
 */
const TICK_MS = 2
const TELL_EVERY_MS = 1000
/** When nothing more has come for so long, what is missing counts as lost. */
const PATIENCE_MS = 60_000
/** Of signers and of viewers, so that neither waits for the others' answers. */
const SIGNER_CONNECTIONS = 256
const VIEWER_CONNECTIONS = 512

process.once('message', (task: ReplayTask) => play(task))

function play(task: ReplayTask): void {
  const meter = createMeter()
  const forSigners = createConnections(task.port, SIGNER_CONNECTIONS)
  const forViewers = createConnections(task.port, VIEWER_CONNECTIONS)
  const begun = performance.now()
  const timeline = createTimeline(task)
  const signers = createSigners(task, timeline, meter, forSigners)
  const viewers = createViewers(task.viewers, meter, forViewers)
  const lag = createCountLag(meter, forViewers)
  let toldAt = begun
  let movedAt = begun
  let moved = 0
  let curveEnd = 0

  function tick(): void {
    const now = performance.now()
    signers.advance(now)
    viewers.advance(now)
    lag.advance(now, signers.ledger.progress.confirmed)
    const { sent, acknowledged, mailed, confirmed } = signers.ledger.progress
    if (sent === timeline.signers) curveEnd ||= now
    const sum = sent + acknowledged + mailed + confirmed
    if (sum > moved) {
      moved = sum
      movedAt = now
    }
    const over = signers.over() || (curveEnd > 0 && now - movedAt > PATIENCE_MS)
    if (now - toldAt >= TELL_EVERY_MS || over) {
      toldAt = now
      tell(now, over)
    }
    if (over) end(now)
    else setTimeout(tick, TICK_MS)
  }

  function tell(now: number, over: boolean): void {
    const { sent, acknowledged, mailed, confirmed } = signers.ledger.progress
    const progress: Progress = {
      kind: 'progress',
      hour: timeline.hourAt(now),
      sent,
      acknowledged,
      mailed,
      confirmed,
      unanswered: forSigners.open() + forViewers.open(),
      polls: viewers.polls,
      errors: meter.errorCount(),
      over,
    }
    process.send!(progress)
  }

  function end(now: number): void {
    if (forSigners.open() > 0) meter.fail('never answered', forSigners.open())
    const played: Played = {
      kind: 'played',
      ...signers.ledger.progress,
      curveSeconds: (curveEnd - begun) / 1000,
      seconds: (now - begun) / 1000,
      errors: meter.errors,
      latencies: meter.latencies(),
      mailDelay: signers.ledger.mailDelay(),
      countLag: lag.times(),
      polls: viewers.polls,
      unchanged: viewers.unchanged,
      did: signers.ledger.did,
    }
    forSigners.close()
    forViewers.close()
    process.send!(played)
  }

  tick()
}
