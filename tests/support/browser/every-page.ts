import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { DAY } from '../../../src/platform/clock.ts'
import { makeToken } from '../../../src/platform/link-token.ts'
import { newId } from '../../../src/platform/random-id.ts'
import { type Harness, startHarness } from '../harness.ts'
import { linkIn } from '../mail-server.ts'
import * as signer from '../signer.ts'
import { consent, fillIn, petitionPath, press, seeHeading, signers } from './person.ts'

/** Beyond the demo's closing date. */
const UNTIL_CLOSED = 200 * DAY

/** What a reader's browser sends who opened the form before the petition closed. */
const SEND_FORM_KEPT_OPEN = `
  const form = document.createElement('form')
  form.method = 'post'
  form.action = location.pathname + '/signatures'
  document.body.append(form)
  form.submit()
`

/** What a browser within an app sends, which has no origin of its own. */
const formFromElsewhere = (action: string, fields: Record<string, string>) =>
  `<form method="post" action="${action}">${Object.entries(fields).map(
    ([name, value]) => `<input name="${name}" value="${value}">`,
  )}<button>Send</button></form>`

/** One state of one page, and how a browser gets there. */
export interface PageState {
  name: string
  open(page: Page): Promise<void>
}

/** The same petition in different circumstances. */
export interface Sites {
  /** Nobody has signed yet. */
  fresh: Harness
  busy: Harness
  closed: Harness
  /** Its database is away. */
  stranded: Harness
  /** A link to confirm that was mailed before the closed one closed, without its language. */
  lateLink: string
  /** A signature that is in the public log, without its language. */
  ownSignature: string
  close(): Promise<void>
}

const NAMED = {
  OPERATOR: 'Association of Open Rivers, 1 Main Street, Vienna',
  CONTACT: 'petitions@rivers.example',
}

const LONG_ZONE = 'America/Argentina/ComodRivadavia'

export async function startSites(): Promise<Sites> {
  const all = await Promise.all([
    startHarness(),
    startHarness(NAMED),
    startHarness(),
    startHarness(),
  ])
  const [fresh, busy, closed, stranded] = all
  for (const { site } of all) {
    // A moment with the name of its zone is the longest date that a page shows.
    const zones = { opens_zone: LONG_ZONE, closes_zone: LONG_ZONE }
    await site.db.updateTable('petition').set(zones).execute()
  }
  await signer.signAndConfirm(closed, { email: 'final@example.org' })
  const lateLink = await signer.signAndOpenMail(closed, { email: 'late@example.org' })
  await closed.sequence()
  const [own] = await closed.site.db.selectFrom('signature').selectAll().execute()
  const token = makeToken(closed.site.keyring, 'receipt', own!)
  closed.clock.move(UNTIL_CLOSED)
  // Once read, a petition can be shown without the database.
  await signer.get(stranded, petitionPath('en'))
  await stranded.wire.cut()
  return {
    fresh,
    busy,
    closed,
    stranded,
    lateLink: lateLink.slice('/en'.length),
    ownSignature: `/signature/${token}`,
    async close() {
      await Promise.all(all.map((site) => site.close()))
    },
  }
}

/** Every page in every state that a signer can meet, in one language. */
export async function everyPage(sites: Sites, language: string): Promise<PageState[]> {
  const { fresh, busy, closed, stranded } = sites
  const links = await prepare(busy, language)
  const petition = petitionPath(language)
  const at = (name: string, harness: Harness, path: string): PageState => ({
    name,
    open: async (page) => {
      await page.goto(`${harness.origin}${path}`)
    },
  })
  const sent = (
    name: string,
    harness: Harness,
    path: string,
    send: (page: Page) => Promise<unknown>,
  ): PageState => ({
    name,
    open: async (page) => {
      await page.goto(`${harness.origin}${path}`)
      const answered = page.waitForEvent('load')
      await send(page)
      await answered
    },
  })
  const fromElsewhere = (name: string, path: string): PageState => ({
    name,
    open: async (page) => {
      const fields = signer.form({ email: 'elsewhere@example.org' })
      await page.goto('about:blank')
      await page.setContent(formFromElsewhere(`${busy.origin}${path}`, fields))
      await page.getByRole('button', { name: 'Send' }).click()
      await seeHeading(page, language, 'elsewhere.heading')
    },
  })
  const typed = (text: string) => async (page: Page) => {
    await page.locator('#field-email').fill(text)
    await press(page, language, 'askWithdrawal.submit')
  }
  return [
    at('the open petitions', busy, `/${language}/`),
    at('no open petition', closed, `/${language}/`),
    at('the petition before the first signature', fresh, petition),
    at('the petition with signers and comments', busy, petition),
    sent('the petition with errors', busy, petition, (page) =>
      press(page, language, 'form.submit'),
    ),
    sent('the petition that asks about an address', busy, petition, async (page) => {
      await page.locator('#field-email').fill('leyla@gmial.com')
      await press(page, language, 'form.submit')
    }),
    sent('the petition whose form fell into the trap', busy, petition, async (page) => {
      await page.locator('#field-name').fill(signers[language]!)
      await page.evaluate(`document.querySelector('#field-subject').value = 'x'`)
      await press(page, language, 'form.submit')
    }),
    fromElsewhere('signing by way of another site', `${petition}/signatures`),
    fromElsewhere('asking for a withdrawal by way of another site', `${petition}/withdraw`),
    sent('signing while the database is away', stranded, petition, async (page) => {
      const person = { language, name: signers[language]!, email: 'a@example.org', country: 'DE' }
      await fillIn(page, person)
      await consent(page, person)
      await press(page, language, 'form.submit')
    }),
    at('the closed petition', closed, petition),
    sent('signing too late', closed, petition, (page) => page.evaluate(SEND_FORM_KEPT_OPEN)),
    at('check your e-mail', busy, `${petition}/check-your-email`),
    at(
      'check your e-mail, without what could not be read',
      busy,
      `${petition}/check-your-email?without=postcode.comment`,
    ),
    at('the confirmation', busy, links.confirm),
    at('the confirmation of a mailbox that has signed', busy, links.again),
    at('what is shown of it replaced', busy, `${petition}/replaced`),
    at('the confirmation of an unknown link', busy, `/${language}/confirm/cut-off`),
    at('the confirmation of an erased signature', busy, links.rejected),
    at('the confirmation after the petition closed', closed, `/${language}${sites.lateLink}`),
    at('the rejection', busy, `/${language}/removed`),
    at('the thanks', busy, links.thanks),
    at('the thanks without a personal link', busy, `${petition}/thanks`),
    at('asking for a withdrawal', busy, `${petition}/withdraw`),
    sent('asking for a withdrawal with an error', busy, `${petition}/withdraw`, typed('leyla@')),
    sent('asking about an address', busy, `${petition}/withdraw`, typed('leyla@gmial.com')),
    sent('the withdrawal asked for', busy, `${petition}/withdraw`, typed('nobody@example.org')),
    at('the withdrawal', busy, links.withdraw),
    at('the withdrawal done', busy, links.withdrawn),
    at('how to check the count', closed, `${petition}/verify`),
    at('how to check the count before there is a log', fresh, `${petition}/verify`),
    at('a signature in the log', closed, `/${language}${sites.ownSignature}`),
    at('a signature on its way to the log', busy, links.signature),
    at('what is kept of a signer', busy, `${petition}/privacy`),
    at('who runs the site', busy, `/${language}/imprint`),
    at('what someone who seizes it learns', busy, '/docs/seizure'),
    at('the documentation of the API', busy, '/api/docs'),
    at('unsubscribing', busy, links.unsubscribe),
    at('unsubscribed', busy, links.unsubscribed),
    at('an address without a page', busy, `/${language}/nothing-here`),
  ]
}

/** What these pages show, signed by people of that language. */
async function prepare(harness: Harness, language: string) {
  const fields = (who: string, more = {}) => ({
    email: `${who}.${language}@example.org`,
    name: signers[language]!,
    ...more,
  })
  const open = (who: string, more = {}) =>
    signer.signAndOpenMail(harness, fields(who, more), language)
  const thanks = await signer.signAndConfirm(
    harness,
    fields('ann', { display: 'name', comment: 'Свободу!\n“Freedom” & Azadlıq' }),
    language,
  )
  await harness.site.db.updateTable('comment').set({ state: 'approved' }).execute()
  const confirm = await open('ben', { display: 'initials', comment: 'Azadlıq', postcode: 'AZ1000' })
  const counted = await open('dan')
  await signer.confirm(harness, counted)
  const again = await open('dan', { display: 'name', comment: 'Təzə şərh' })
  const signature = (await signer.get(harness, counted)).headers.get('location')!
  const rejected = await open('eve')
  assert.equal((await signer.confirm(harness, rejected, 'reject')).status, 303)
  const withdraw = await askWithdrawal(harness, fields('ann').email, language)
  await signer.signAndConfirm(harness, fields('gone'), language)
  const withdrawn = await askWithdrawal(harness, fields('gone').email, language)
  assert.equal((await signer.post(harness, withdrawn, {})).status, 303)
  await signer.signAndConfirm(harness, fields('reader', { updates: 'yes' }), language)
  await harness.work()
  const mail = harness.mail.lastTo(fields('reader').email)
  const unsubscribe = signer.pathOf(linkIn(mail, 'unsubscribe'))
  const { keyring } = harness.site
  const unsubscribed = `/${language}/unsubscribe/${makeToken(keyring, 'unsubscribe', { id: newId(), address: null })}`
  await harness.tally()
  return {
    unsubscribe,
    unsubscribed,
    signature,
    thanks,
    confirm,
    again,
    rejected,
    withdraw,
    withdrawn,
  }
}

async function askWithdrawal(harness: Harness, email: string, language: string): Promise<string> {
  await signer.askToWithdraw(harness, email, language)
  const hasLink = () => harness.mail.lastTo(email).text!.includes('/withdraw/')
  // Pages of several languages are prepared at once: one's job may find the other's work under way, and wait.
  for (let again = 0; again < 5 && !hasLink(); again++) {
    await harness.makeJobsDue()
    await harness.work()
  }
  return signer.mailedPath(harness, email, 'withdraw')
}
