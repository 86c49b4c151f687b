/** Somewhat shorter than the server takes a proof for. */
const VALID_MS = 25 * 60_000
/** At the press of the button an older answer of the server is asked for again: a flood may have begun meanwhile. */
const FRESH_MS = 3000
/** So long a press waits for that answer: a slow network holds up no form. */
const ANSWER_MS = 1500
/** So long a finished form waits for its proof; without one it is taken as well, and mailed later. */
const PATIENCE_MS = 12_000

interface Challenge {
  parameters: { data: { work: number } }
}

/**
 * Lets the browser work a little for the form where the server asks for it, from the first touch on: a program that
 * sends thousands of forms has to do the same for each. Nothing is measured of the person.
 *
 * @returns what to wait for before the form is sent; null when nothing is
 */
export function proveWork(form: HTMLFormElement): () => Promise<unknown> | null {
  const { challenge: address, solver } = form.dataset
  if (!address || !solver || !('Worker' in window)) return () => null
  const field = document.createElement('input')
  Object.assign(field, { type: 'hidden', name: 'altcha' })
  form.append(field)
  /** When the server was asked last; whether it has to be asked anew whenever that was. */
  let asked = 0
  let isOver = true
  /** The work that the proof in the field stands for. */
  let had = 0
  let answer: Promise<unknown> = Promise.resolve()
  let working: Promise<void> | null = null

  // By the time of day: the other clock stands still in some browsers while a phone sleeps.
  const age = () => Math.abs(Date.now() - asked)

  function ask(): void {
    asked = Date.now()
    isOver = false
    const asking = askFor(`${address}?had=${had}`)
    answer = asking
    const work = asking.then(async (challenge) => {
      // It failed: the next touch tries again.
      if (challenge === null) isOver = true
      const proof = challenge?.parameters && (await solve(challenge, solver!))
      if (proof) {
        field.value = proof
        had = challenge.parameters.data.work
      }
      if (working === work) working = null
    })
    working = work
  }

  function begin(): void {
    if (working || (!isOver && age() < VALID_MS)) return
    field.value = ''
    had = 0
    ask()
  }

  async function finish(pressed: number): Promise<void> {
    begin()
    if (working && !(await comesWithin(answer, ANSWER_MS))) return
    await working
    if (asked >= pressed - FRESH_MS) return
    ask()
    if (await comesWithin(answer, ANSWER_MS)) await working
  }

  form.addEventListener('focusin', begin)
  form.addEventListener('input', begin)
  // A proof lets one form pass.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return
    isOver = true
    working = null
  })
  return () => {
    if (!working && !isOver && age() < FRESH_MS) return null
    return Promise.race([finish(Date.now()), after(PATIENCE_MS)])
  }
}

const after = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

const comesWithin = (what: Promise<unknown>, milliseconds: number): Promise<boolean> =>
  Promise.race([what.then(() => true), after(milliseconds).then(() => false)])

/** A challenge, or an answer without `parameters` where none is needed; null where there is no network. */
async function askFor(address: string): Promise<Challenge | null> {
  try {
    const answer = await fetch(address, { cache: 'no-store' })
    return answer.ok ? await answer.json() : null
  } catch {
    return null
  }
}

/** Null where there is no worker of this kind, or no solution in time. */
async function solve(challenge: Challenge, solver: string): Promise<string | null> {
  let worker: Worker | undefined
  try {
    const made = new Worker(solver, { type: 'module' })
    worker = made
    return await new Promise<string | null>((resolve) => {
      made.addEventListener('message', ({ data }) => resolve(data))
      made.addEventListener('error', () => resolve(null))
      made.postMessage(challenge)
    })
  } catch {
    return null
  } finally {
    worker?.terminate()
  }
}
