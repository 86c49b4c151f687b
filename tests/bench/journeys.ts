import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import { openSite, type Site } from '../faults/site/open-site.ts'
import { PETITION } from '../scale/petition.ts'
import { untilHolds, wait } from '../scale/wait.ts'
import { launchChromium, ONION } from '../support/browser/launch-chromium.ts'
import { consent, fillIn, press, seeHeading } from '../support/browser/person.ts'
import { slowDown } from '../support/browser/slow-down.ts'
import { tellPaints } from './paint-on-phone.ts'
import { forgeProof } from './speed/forge-proof.ts'
import { load } from './speed/http-load.ts'

/**
 * The first sight of the page in each language, and the whole way of a signer in Chromium, in peace and while robots send
 * forms: npm run bench -- journeys [runs]
 * Whoever presses Sign has just filled the form in within a moment, so that all of the work is still to be done.
 */
const [runs = '3'] = process.argv.slice(2)
/** Cheap phones are about so much slower than this machine. */
const SLOWER = 6
const PHONE = { width: 390, height: 844 }
/** Asks for the most work. */
const PROVED = { forms: 6500, rate: 500 }
/** Without proof: more than are mailed at once, few enough for their mails to go out in turn. */
const UNPROVED = { forms: 300, rate: 100 }
const MAIL_WITHIN_MS = 600_000
const SETTLED_WITHIN_MS = 120_000

interface Kind {
  what: string
  context: BrowserContextOptions
  slower?: number
  host?: string
}

const KINDS: Kind[] = [
  { what: 'a desk’s computer', context: {} },
  {
    what: 'a phone, six times slower',
    context: { viewport: PHONE },
    slower: SLOWER,
  },
  { what: 'an onion service: http, no client address', context: {}, host: ONION },
  {
    what: 'such a phone, over an onion service',
    context: { viewport: PHONE },
    slower: SLOWER,
    host: ONION,
  },
  { what: 'without JavaScript', context: { javaScriptEnabled: false } },
]
const STEPS = ['page', 'sign', 'mail', 'link', 'confirm'] as const
type Times = Record<(typeof STEPS)[number], number>

let signers = 0
const undo: (() => Promise<unknown>)[] = []
try {
  // No proxy tells addresses, as behind an onion service.
  const site = await openSite({ nodes: ['web', 'worker'], environment: { LIMITS: 'on' } }, undo)
  const browser = await launchChromium()
  undo.push(() => browser.close())
  await tellPaints(browser, site, Number(runs))
  console.log('')
  console.log(
    '| who signs | when | page | Sign to answer | the mail after | link to page | Confirm to thanks |',
  )
  console.log('|---|---|---|---|---|---|---|')
  await takeAll(browser, site, 'in peace')
  await flood(site)
  await takeAll(browser, site, 'in a flood')
} finally {
  for (const each of undo.reverse()) await each().catch(() => {})
}
process.exit(0)

async function takeAll(browser: Browser, site: Site, when: string): Promise<void> {
  for (const kind of KINDS) {
    const all: Times[] = []
    for (let run = 0; run < Number(runs); run++) all.push(await take(browser, site, kind))
    const cells = STEPS.map((step) => tell(all.map((times) => times[step])))
    console.log(`| ${[kind.what, when, ...cells].join(' | ')} |`)
  }
}

async function take(browser: Browser, site: Site, kind: Kind): Promise<Times> {
  const { context: options, slower, host = '127.0.0.1' } = kind
  const context = await browser.newContext({ ...options, locale: 'en' })
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  const quicken = slower ? await slowDown(browser, slower) : () => {}
  const origin = site.origin.replace('127.0.0.1', host)
  const email = `signer${signers++}@example.net`
  const person = { language: 'en', name: 'Margaret O’Neill', email, country: 'PL' }
  try {
    const first = await timed(() => page.goto(origin + PETITION.page))
    await fillIn(page, person)
    await consent(page, person)
    const sign = await timed(() => pressAndSee(page, 'form.submit', 'checkEmail.heading'))
    const mail = await untilHolds(MAIL_WITHIN_MS, () => site.mail.links.has(email))
    const path = site.mail.links.get(email)
    if (mail === null || !path) throw new Error(`no mail for ${kind.what}`)
    const link = await timed(() => page.goto(origin + path))
    const confirm = await timed(() => pressAndSee(page, 'confirm.submit', 'thanks.heading'))
    return { page: first, sign, mail, link, confirm }
  } finally {
    quicken()
    await context.close()
  }
}

async function pressAndSee(page: Page, button: string, heading: string): Promise<void> {
  await press(page, 'en', button)
  await seeHeading(page, 'en', heading)
}

/** Many forms with a true proof, and then some without; returns when nothing is mailed any more. */
async function flood(site: Site): Promise<void> {
  const { proofs } = deriveKeyring(site.secretKey)
  const port = Number(new URL(site.origin).port)
  let nth = 0
  const send = ({ forms, rate }: { forms: number; rate: number }, proof: () => string) => {
    const end = nth + forms
    const next = () => (nth < end ? formOf(nth++, proof()) : null)
    return load({ port, connections: 16, rate, next })
  }
  await send(PROVED, () => `&${forgeProof(proofs)}`)
  await send(UNPROVED, () => '')
  await untilHolds(SETTLED_WITHIN_MS, async () => {
    const before = site.mail.taken.length
    await wait(1000)
    return site.mail.taken.length === before
  })
}

function formOf(nth: number, proof: string): Buffer {
  const body = `name=Signer+Number&email=robot${nth}%40farm${nth % 50}.example.org&country=DE&display=hidden&consent=yes&textVersion=1${proof}`
  const head = [
    `POST ${PETITION.page}/signatures HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

/** Half of the runs were faster than the first, all than the second. */
function tell(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const seconds = (ms: number) => (ms / 1000).toFixed(ms < 10_000 ? 2 : 0)
  return `${seconds(sorted[Math.floor(sorted.length / 2)]!)}, ${seconds(sorted.at(-1)!)} s`
}
