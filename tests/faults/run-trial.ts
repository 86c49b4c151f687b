import { closeConnections } from '../scale/load/ask.ts'
import { closeAll } from '../scale/site/open-site.ts'
import { countUnmailed, type Figures, judge } from './judge/judge.ts'
import { beginCrowd, type Crowd, type CrowdOptions } from './load/crowd.ts'
import { openSite, type Shape, type Site } from './site/open-site.ts'
import type { Trial, TrialFindings } from './trial.ts'

/** What a trial came to. */
export interface Outcome extends Figures {
  trial: Trial
  runs: number
  /** Milliseconds. */
  recoveries: number[]
  /** A line for each thing that did not hold. */
  failures: string[]
}

const SIGNERS = 10
const READERS = 10
/** Of each, in the suite of tests. */
const FEW = 5
/**
 * In the suite of tests: a mail that stays away is then told as such, before the whole file has taken too long. One whose
 * worker was killed goes out a minute later, and whoever looks is slow on a busy machine.
 */
const SETTLED_SOON_MS = 180_000
const TOLD_EVERY = 10

/** A site on which one trial after the other runs. */
export interface OpenStage {
  /** @param isShort see Stage */
  run(trial: Trial, size: number, isShort: boolean): Promise<Outcome>
  close(): Promise<void>
}

/** @param say gets a line at a time */
export async function openStage(shape: Shape, say: (line: string) => void): Promise<OpenStage> {
  const undo: (() => Promise<unknown>)[] = []
  const interrupt = () => void closeAll(undo).then(() => process.exit(130))
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  async function close(): Promise<void> {
    await closeAll(undo)
    closeConnections()
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
  try {
    const site = await openSite(shape, undo)
    const crowds: Crowd[] = []
    return {
      run: (trial, size, isShort) => runTrial({ trial, size, isShort }, site, crowds, say),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** @param crowds that came to the site before; those of this trial are added */
async function runTrial(
  { trial, size, isShort }: { trial: Trial; size: number; isShort: boolean },
  site: Site,
  crowds: Crowd[],
  say: (line: string) => void,
): Promise<Outcome> {
  const outcome: Outcome = {
    ...{ trial, runs: 0, recoveries: [], failures: [] },
    ...{ inputs: 0, lost: 0, doubled: 0, errors: new Map() },
  }
  const findings = createFindings(outcome, size, say)
  const { batch = size, allows = {} } = trial
  try {
    for (let left = size; left > 0; left -= batch) {
      const name = `${trial.name}-${crowds.length}`
      const most = isShort ? FEW : Number.POSITIVE_INFINITY
      const { signers = SIGNERS, readers = READERS } = trial.crowd ?? {}
      const options: CrowdOptions = {
        ...(isShort && { settledWithinMs: SETTLED_SOON_MS }),
        ...trial.crowd,
        name,
        signers: Math.min(signers, most),
        readers: Math.min(readers, most),
      }
      const crowd = beginCrowd(site, options)
      crowds.push(crowd)
      const { isReachable = () => true } = options
      const terms = { allows, isReachable, isShort }
      const isMailed = async () =>
        trial.judged === false ||
        allows.othersForms === true ||
        (await countUnmailed(site, crowds, isReachable)) <= 0
      try {
        await trial.run({ site, crowd, isShort, ...findings }, Math.min(batch, left))
      } finally {
        await crowd.end(isMailed)
      }
      if (trial.judged !== false) add(outcome, await judge(site, crowds, terms, findings))
      crowd.heard.splice(0)
    }
  } catch (error) {
    findings.check('the trial came to its end', false, (error as Error).stack ?? String(error))
  }
  return outcome
}

function add(outcome: Outcome, figures: Figures): void {
  outcome.inputs += figures.inputs
  outcome.lost += figures.lost
  outcome.doubled += figures.doubled
  for (const [status, count] of figures.errors) {
    outcome.errors.set(status, (outcome.errors.get(status) ?? 0) + count)
  }
}

function createFindings(
  outcome: Outcome,
  size: number,
  say: (line: string) => void,
): TrialFindings {
  const begun = performance.now()
  const write = (text: string) => {
    const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(7)
    say(`${seconds} s  ${outcome.trial.name}  ${text}`)
  }
  return {
    tell: write,
    check(what, holds, figures) {
      if (holds) return
      outcome.failures.push(`${what}: ${figures}`)
      write(`FAIL  ${what}: ${figures}`)
    },
    ran(recoveredMs) {
      outcome.runs++
      if (recoveredMs === null) this.check('the site takes forms again', false, 'it did not')
      else if (recoveredMs !== undefined) outcome.recoveries.push(recoveredMs)
      if (outcome.runs % TOLD_EVERY === 0) write(`${outcome.runs} of ${size} runs`)
    },
  }
}
