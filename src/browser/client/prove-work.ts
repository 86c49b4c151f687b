/** Somewhat shorter than the server takes a proof for. */
const VALID_MS = 25 * 60_000
/** So long a finished form waits for its proof; without one it is taken as well, and mailed later. */
const PATIENCE_MS = 12_000

/**
 * Lets the browser work a little for the form, from the first touch on: a program that sends thousands of forms has to
 * do the same for each. Nothing is measured of the person.
 *
 * @returns what to wait for before the form is sent; null when nothing is
 */
export function proveWork(form: HTMLFormElement): () => Promise<unknown> | null {
  const { challenge, solver } = form.dataset
  if (!challenge || !solver || !('Worker' in window)) return () => null
  const field = document.createElement('input')
  Object.assign(field, { type: 'hidden', name: 'altcha' })
  form.append(field)
  let working: Promise<void> | null = null
  let begun = 0

  function begin(): void {
    // By the time of day: the other clock stands still in some browsers while a phone sleeps.
    if (working && Math.abs(Date.now() - begun) < VALID_MS) return
    begun = Date.now()
    field.value = ''
    working = solve(challenge!, solver!).then((proof) => {
      field.value = proof ?? ''
      // It failed: the next touch tries again.
      if (!proof) working = null
    })
  }

  form.addEventListener('focusin', begin)
  form.addEventListener('input', begin)
  // A proof lets one form pass.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) working = null
  })
  return () => {
    begin()
    if (field.value !== '') return null
    return Promise.race([working, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
  }
}

/** Null where there is no network, no worker of this kind, or no solution in time. */
async function solve(challenge: string, solver: string): Promise<string | null> {
  let worker: Worker | undefined
  try {
    const made = new Worker(solver, { type: 'module' })
    worker = made
    // Before the challenge is there: a browser without workers of modules says so at once, and once.
    const outcome = new Promise<string | null>((resolve) => {
      made.addEventListener('message', ({ data }) => resolve(data))
      made.addEventListener('error', () => resolve(null))
    })
    const answer = await fetch(challenge, { cache: 'no-store' })
    if (!answer.ok) return null
    made.postMessage(await answer.json())
    return await outcome
  } catch {
    return null
  } finally {
    worker?.terminate()
  }
}
