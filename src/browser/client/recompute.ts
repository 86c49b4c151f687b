import { checkLog } from '../../log/core/check-log.ts'
import { countOf } from '../../log/core/entry/count-entries.ts'
import type { LogFault, LogReport } from '../../log/core/log-report.ts'
import type { Trust } from '../../log/core/note/open-checkpoint.ts'
import { fetchLog, StoppedError } from './fetch-log.ts'
import { say, type Tell } from './say.ts'
import { showGrowth } from './show-growth.ts'

/** Counts the log's entries in the browser, and compares with the page's number. */
export function recompute(root: HTMLElement, trust: Trust, tell: Tell): void {
  const part = <Part extends HTMLElement>(name: string) =>
    root.querySelector<Part>(`[data-${name}]`)!
  const verdict = part('verdict')
  const progress = part<HTMLProgressElement>('progress')
  const start = part('recompute')
  const stop = part('stop')
  const slug = root.dataset.slug!
  let stopper: AbortController | null = null
  part('recompute-part').hidden = false
  start.addEventListener('click', run)
  stop.addEventListener('click', () => stopper?.abort())

  async function run(): Promise<void> {
    if (stopper) return
    stopper = new AbortController()
    show({ running: true })
    say(verdict, 'plain', [tell('working')])
    try {
      const log = await fetchLog(slug, stopper.signal, (done, size) => {
        progress.max = size
        progress.value = done
      })
      report(await checkLog(log.source, trust))
      showGrowth(part('growth'), log.hours(), root.dataset.language!)
    } catch (error) {
      say(verdict, 'plain', [tell(error instanceof StoppedError ? 'stopped' : 'network')])
    }
    stopper = null
    show({ running: false })
  }

  function show({ running }: { running: boolean }): void {
    stop.hidden = !running
    progress.hidden = !running
    if (running) start.setAttribute('aria-disabled', 'true')
    else start.removeAttribute('aria-disabled')
  }

  function report({ ok, faults, counter, checkpoint }: LogReport): void {
    if (!ok) {
      say(verdict, 'bad', faults.slice(0, 5).map(explain))
      return
    }
    const counted = countOf(counter, slug)
    const { size } = checkpoint!
    const claimed = Number(root.dataset.certified)
    // The log may have grown since the page was made: then the number is simply a later one.
    const sameSize = size === Number(root.dataset.size)
    const word = sameSize ? (counted === claimed ? 'same' : 'other') : 'later'
    say(verdict, word === 'other' ? 'bad' : 'good', [
      tell(word, {
        signatures: tell('signatures', { count: counted }),
        entries: tell('entries', { count: size }),
      }),
      ...(word === 'other' ? [] : [tell('sound')]),
    ])
  }

  function explain({ problem, path }: LogFault): string {
    if (problem.startsWith('checkpoint-')) return tell('badCheckpoint')
    return tell(problem === 'missing' ? 'missing' : 'changed', { path })
  }
}
