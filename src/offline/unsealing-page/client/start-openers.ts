import { openInSlices } from './open-in-slices.ts'
import type { Opener } from './opener.ts'
import { passesSelfCheck } from './self-check.ts'
import { startWorker } from './start-worker.ts'

const MOST_WORKERS = 8

/**
 * As many threads as the machine has cores; where workers are refused, this one.
 *
 * @returns empty when this browser can't open sealed records at all
 */
export async function startOpeners(): Promise<Opener[]> {
  const wanted = Math.min(navigator.hardwareConcurrency || 2, MOST_WORKERS)
  const script = document.getElementById('program')!.textContent!
  const program = new Blob([script], { type: 'text/javascript' })
  const started = await Promise.all(Array.from({ length: wanted }, () => startWorker(program)))
  const workers = started.filter((worker) => worker !== null)
  if (workers.length > 0) return workers
  return (await passesSelfCheck()) ? [openInSlices()] : []
}
