import { type Answer, ask } from '../../scale/load/ask.ts'
import { keepRate } from '../../scale/load/keep-rate.ts'
import { PETITION } from '../../scale/petition.ts'
import { untilHolds, wait } from '../../scale/wait.ts'
import type { Site } from '../site/open-site.ts'

/** What somebody asked for, and got. */
export interface Heard {
  what: 'form' | 'confirmation' | 'page'
  /** When it was sent, on the clock of `performance.now()`. */
  at: number
  ms: number
  /** 0 when no answer came. */
  status: number
  retryAfter: string | null
  /** Of a form that was refused: whether the page had what was typed. */
  kept: boolean
  path: string
}

/** People who sign, confirm by the mailed link and read. Who is refused tries again, as people do. */
export interface Crowd {
  /** Addresses whose form was answered as taken. Each attempt has an address of its own. */
  signed: Set<string>
  /** Attempts that were answered with an error or not at all: nobody knows whether they were recorded. */
  unknown: Set<string>
  /** Addresses whose confirmation was answered as done. */
  confirmed: Set<string>
  /** Addresses that pressed Confirm and have no answer yet. */
  confirming: Set<string>
  /** The newest, at most `REMEMBERED`. */
  heard: Heard[]
  /** Answers in all, by kind and status. */
  counted: Map<string, number>
  /** Counts that were shown after a higher one. */
  wentBack: { from: number; to: number }[]
  /** Milliseconds from a form's answer to its mail, with those that still wait, by the signer's address. */
  mailWaits(of: (address: string) => boolean): number[]
  /** Milliseconds until the next form that is sent from now on is taken. */
  untilTaken(withinMs?: number): Promise<number | null>
  /** Milliseconds until the next mail comes. */
  untilMailed(withinMs?: number): Promise<number | null>
  /**
   * No more forms; resolves when everyone who signed has got a mail and confirmed, or nothing more comes.
   *
   * @param isMailed whether the forms that nobody acknowledged have their mails, too: they may have been recorded
   */
  end(isMailed?: () => Promise<boolean>): Promise<void>
}

export interface CrowdOptions {
  name: string
  /** A second. */
  signers: number
  readers: number
  /** What the page and the proxy add to the nth form before it is sent. Default: nothing. */
  addTo?: (site: Site, nth: number) => Promise<Brought>
  /** Recipients' domains; signers take turns. */
  domains?: string[]
  /** Whose mails can arrive: nobody waits for the others'. */
  isReachable?: (address: string) => boolean
  /** From the last form on. */
  settledWithinMs?: number
}

export interface Brought {
  fields: Record<string, string>
  headers: Record<string, string>
}

const CHECKPOINT = '/log/checkpoint'
const REMEMBERED = 300_000
const DOMAINS = Array.from({ length: 20 }, (_, nth) => `town${nth}.example.org`)
const PATIENCE = 5
const BREATH_MS = 1000
/** A mail that was put off waits for five minutes at most. */
const SETTLED_WITHIN_MS = 330_000
const RECOVERED_WITHIN_MS = 60_000

export function beginCrowd(site: Site, options: CrowdOptions): Crowd {
  const { name, domains = DOMAINS, isReachable = () => true } = options
  const stop = new AbortController()
  const pressing = new Set<Promise<void>>()
  const crowd: Crowd = {
    signed: new Set(),
    unknown: new Set(),
    confirmed: new Set(),
    confirming: new Set(),
    heard: [],
    counted: new Map(),
    wentBack: [],
    mailWaits(of) {
      const now = performance.now()
      const come = waits.filter(({ address }) => of(address)).map(({ ms }) => ms)
      const waiting = [...signedAt].filter(([address]) => of(address)).map(([, at]) => now - at)
      return [...come, ...waiting]
    },
    untilTaken(withinMs = RECOVERED_WITHIN_MS) {
      const from = performance.now()
      return untilHolds(withinMs, () => crowd.heard.some((each) => isTaken(each, from)))
    },
    untilMailed(withinMs = RECOVERED_WITHIN_MS) {
      const before = site.mail.taken.length
      return untilHolds(withinMs, () => site.mail.taken.length > before)
    },
    async end(isMailed = async () => true) {
      stop.abort()
      await Promise.all([signing, reading])
      const expected = [...crowd.signed].filter(isReachable)
      await untilHolds(
        options.settledWithinMs ?? SETTLED_WITHIN_MS,
        async () =>
          expected.every((address) => crowd.confirmed.has(address)) &&
          (await isMailed()) &&
          crowd.confirming.size === 0,
      )
      ended = true
      await Promise.all(pressing)
    },
  }
  let ended = false
  const signedAt = new Map<string, number>()
  const waits: { address: string; ms: number }[] = []

  async function hear(
    what: Heard['what'],
    path: string,
    form?: Record<string, string>,
    brought: Brought = { fields: {}, headers: {} },
  ) {
    const at = performance.now()
    const sent = form && { ...form, ...brought.fields }
    const answer = await ask(`${site.origin}${path}`, sent, brought.headers)
    const { status, retryAfter, took: ms } = answer
    const kept =
      what !== 'form' || Object.values(form!).every((typed) => answer.body.includes(typed))
    crowd.heard.push({ what, at, ms, status, retryAfter, kept, path })
    if (crowd.heard.length > REMEMBERED) crowd.heard.splice(0, REMEMBERED / 10)
    const key = `${what} ${status}`
    crowd.counted.set(key, (crowd.counted.get(key) ?? 0) + 1)
    return answer
  }

  const signing = keepRate(options.signers, stop.signal, async (nth) => {
    for (let tries = 0; tries < PATIENCE && !stop.signal.aborted; tries++) {
      const address = `${name}-${nth}-${tries}@${domains[nth % domains.length]}`
      const form = {
        name: `Signer ${name} ${nth}`,
        email: address,
        country: 'DE',
        display: nth % 10 === 0 ? 'name' : 'hidden',
        consent: 'yes',
      }
      const brought = await options.addTo?.(site, nth)
      crowd.unknown.add(address)
      const answer = await hear('form', `${PETITION.page}/signatures`, form, brought)
      if (isDone(answer, /check-your-email$/)) {
        crowd.unknown.delete(address)
        crowd.signed.add(address)
        if (!site.mail.mails.has(address)) signedAt.set(address, performance.now())
        return
      }
      await wait(BREATH_MS)
    }
  })

  const isOurs = (address: string) => crowd.signed.has(address) || crowd.unknown.has(address)
  site.mail.onLink((address, path) => {
    const since = signedAt.get(address)
    if (since !== undefined) waits.push({ address, ms: performance.now() - since })
    signedAt.delete(address)
    if (ended || !isOurs(address) || crowd.confirmed.has(address) || crowd.confirming.has(address))
      return
    crowd.confirming.add(address)
    const one = confirm(address, path).finally(() => pressing.delete(one))
    pressing.add(one)
  })

  async function confirm(address: string, path: string): Promise<void> {
    while (!ended) {
      const answer = await hear('confirmation', path, { decision: 'confirm' })
      if (isDone(answer, /\/thanks\?s=/)) {
        crowd.confirming.delete(address)
        crowd.confirmed.add(address)
        return
      }
      await wait(BREATH_MS)
    }
  }

  const paths = [
    () => PETITION.page,
    (nth: number) => `${PETITION.page}?source=reader${nth}`,
    () => PETITION.api,
    () => `${PETITION.api}/counts?by=country`,
    () => CHECKPOINT,
  ]
  let seen = 0
  const reading = keepRate(options.readers, stop.signal, async (nth) => {
    const atLeast = seen
    const path = paths[nth % paths.length]!(nth)
    const { status, body } = await hear('page', path)
    if (path === CHECKPOINT && status === 200) site.checkpoints.add(body)
    if (path !== PETITION.api) return
    const counted = Number(/"counted":(\d+)/.exec(body)?.[1] ?? Number.NaN)
    if (counted < atLeast) crowd.wentBack.push({ from: atLeast, to: counted })
    if (counted > seen) seen = counted
  })
  return crowd
}

const isTaken = ({ what, at, status }: Heard, from: number) =>
  what === 'form' && at >= from && status === 303

const isDone = ({ status, location }: Answer, where: RegExp) =>
  status === 303 && where.test(location)
