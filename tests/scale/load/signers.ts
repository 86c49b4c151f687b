import { PETITION } from '../petition.ts'
import type { Timing } from '../report.ts'
import type { Site } from '../site/open-site.ts'
import { ask } from './ask.ts'
import { keepRate } from './keep-rate.ts'

export interface Signers {
  /** Addresses whose form was answered as taken. */
  signed: Set<string>
  /** Addresses whose confirmation was answered as done. */
  confirmed: Set<string>
  /** Requests that got no answer, or an error, and were sent again by hand. */
  sentAgain: number
  /** Milliseconds of each request, with the moment of its end on the clock of `performance.now()`. */
  took: Timing[]
  /** When each form was answered as taken. */
  signedAt: number[]
  /** Milliseconds from a form's answer to its mail. */
  mailed: Timing[]
  /** Resolves when all signers have signed, and all who got a mail have confirmed. */
  done: Promise<void>
}

/** A signer who sees an error presses the button again: so many times where nobody says more, after such a pause. */
const PATIENCE = 6
const BREATH_MS = 1000

/** People who sign at an even rate, and confirm as soon as the mail is there. */
export function beginSigners(
  site: Site,
  perSecond: number,
  stop: AbortSignal,
  patience = PATIENCE,
): Signers {
  const confirming = new Set<Promise<void>>()
  const signers: Signers = {
    signed: new Set(),
    confirmed: new Set(),
    sentAgain: 0,
    took: [],
    signedAt: [],
    mailed: [],
    done: Promise.resolve(),
  }

  async function press(path: string, form: Record<string, string>, done: RegExp): Promise<boolean> {
    for (let tries = 0; tries < patience; tries++) {
      const answer = await ask(`${site.origin}${path}`, form)
      signers.took.push({ at: performance.now(), ms: answer.took })
      if (answer.status === 303 && done.test(answer.location)) return true
      signers.sentAgain++
      await new Promise((resolve) => setTimeout(resolve, BREATH_MS))
    }
    return false
  }

  const signedAt = new Map<string, number>()
  site.mail.onLink((address, path) => {
    const at = performance.now()
    signers.mailed.push({ at, ms: at - (signedAt.get(address) ?? at) })
    const one = press(path, { decision: 'confirm' }, /\/thanks\?s=/)
      .then((done) => {
        if (done) signers.confirmed.add(address)
      })
      .finally(() => confirming.delete(one))
    confirming.add(one)
  })

  const signing = keepRate(perSecond, stop, async (nth) => {
    const address = `signer-${nth}@example.org`
    const form = {
      name: `Signer Number ${nth}`,
      email: address,
      country: 'DE',
      display: nth % 10 === 0 ? 'name' : 'hidden',
      consent: 'yes',
    }
    if (await press(`${PETITION.page}/signatures`, form, /check-your-email$/)) {
      signers.signed.add(address)
      signedAt.set(address, performance.now())
      signers.signedAt.push(performance.now())
    }
  })
  signers.done = signing
    .then(() => untilMailed(site, signers))
    .then(() => Promise.all(confirming))
    .then()
  return signers
}

/** What a worker was mailing when it was killed waits for its lease to end, a minute, and for its next attempt. */
const MAILED_WITHIN_MS = 150_000

async function untilMailed(site: Site, { signed }: Signers): Promise<void> {
  const until = performance.now() + MAILED_WITHIN_MS
  while (performance.now() < until && [...signed].some((each) => !site.mail.links.has(each))) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
