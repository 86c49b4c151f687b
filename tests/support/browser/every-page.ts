import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { ago, DAY } from '../../../src/platform/clock.ts'
import { languages } from '../../../src/platform/i18n/translate.ts'
import { type LinkTarget, makeToken } from '../../../src/platform/link-token.ts'
import { newId } from '../../../src/platform/random-id.ts'
import { DEMO as DEMO_FOLDER } from '../../../src/publishing/demo-folders.ts'
import { clicksKey } from '../../../src/sharing/share-code.ts'
import { readTargets } from '../../../src/target/read-targets.ts'
import { DEMO, getDemo } from '../demo.ts'
import { type Harness, startHarness } from '../harness.ts'
import { linkIn } from '../mail-server.ts'
import * as signer from '../signer.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { agreed, TESTER } from '../tester.ts'
import { consent, fillIn, PETITION, petitionPath, press, seeHeading, signers } from './person.ts'
import { type StagedPetition, stagePetitions } from './staged-petitions.ts'
import { IN_EVERY_LANGUAGE, VISITED } from './visited-languages.ts'

// Over 250 lines: a list of every state of every page, and how a browser gets there.

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
  /** On the busy one. */
  staged: StagedPetition[]
  close(): Promise<void>
}

const named = () => {
  const folder = temporaryFolder()
  const about =
    '# Petitions for rivers\n\nWe are a *small* association.\n\n## How we work\n\nSlowly.\n'
  writeFileSync(join(folder, 'about.en.md'), about)
  writeFileSync(join(folder, 'imprint.en.md'), 'Register number 1, court of Vienna.\n')
  return {
    OPERATOR: 'Association of Open Rivers, 1 Main Street, Vienna',
    CONTACT: 'petitions@rivers.example',
    SITE_PAGES: folder,
  }
}

const LONG_ZONE = 'America/Argentina/ComodRivadavia'

export async function startSites(): Promise<Sites> {
  const all = await Promise.all([
    startHarness({}, { languages }),
    startHarness(named(), { languages }),
    startHarness({}, { languages }),
    startHarness({}, { languages }),
  ])
  const [fresh, busy, closed, stranded] = all
  for (const { site } of all) {
    // A moment with the name of its zone is the longest date that a page shows.
    const zones = { opens_zone: LONG_ZONE, closes_zone: LONG_ZONE }
    await site.db.updateTable('petition').set(zones).execute()
  }
  await askSome(busy)
  await tell(busy)
  const staged = await stagePetitions(busy)
  await signer.signAndConfirm(closed, { email: 'final@example.org' })
  const lateLink = await signer.signAndOpenMail(closed, { email: 'late@example.org' })
  await closed.sequence()
  const [own] = await closed.site.db.selectFrom('signature').selectAll().execute()
  const token = makeToken(closed.site.keyring, 'receipt', own!)
  closed.clock.move(UNTIL_CLOSED)
  // Once read, a petition can be shown without the database.
  await signer.get(stranded, petitionPath('en'))
  // On a slow machine its script asks for the count before the form is sent.
  await signer.get(stranded, `/api/v1/petitions/${PETITION}`)
  await stranded.wire.cut()
  return {
    fresh,
    busy,
    closed,
    stranded,
    lateLink: lateLink.slice('/en'.length),
    ownSignature: `/signature/${token}`,
    staged,
    async close() {
      await Promise.all(all.map((site) => site.close()))
    },
  }
}

/** In every language, with all that Markdown may hold. */
async function tell({ site }: Harness): Promise<void> {
  const petition = (await getDemo({ site }))!
  const body = `Some news. ${'A word '.repeat(60)}\n\n## What comes next\n\n- *One* [link](https://example.org)\n\n> Said.\n\n\`code\``
  const contents = new Map(
    petition.settings.languages.map((language) => [
      language,
      { title: `Letters with a heading in ${language} that runs on over lines`, body },
    ]),
  )
  await site.updates.publish(petition, { name: 'first-letters', contents }, TESTER, agreed)
}

/** Every page in every state that a signer can meet, in one language; in most languages the chief ones. */
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
  const all: PageState[] = [
    at('the open petitions', busy, `/${language}/`),
    at('no open petition', closed, `/${language}/`),
    at('the petition before the first signature', fresh, petition),
    at('the petition with signers and comments', busy, petition),
    at('those who are asked', busy, `${petition}/answers`),
    at('those who are asked in one country', busy, `${petition}/answers?country=DE`),
    {
      name: 'the form to report a name',
      open: async (page) => {
        await page.goto(`${busy.origin}${petition}`)
        const href = await page.locator('.names .report').first().getAttribute('href')
        await page.goto(`${busy.origin}${href}`)
      },
    },
    at('the form to report what is gone', busy, `${petition}/report/name/${'A'.repeat(32)}`),
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
    ...sites.staged.map(({ name, path }) => at(name, busy, `/${language}${path}`)),
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
    at('a partner’s page of their link', busy, `/${language}/link/${links.own}`),
    at('what the partners brought', busy, `${petition}/partners`),
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
    at('what the organisers tell', busy, `${petition}/updates`),
    at('an update', busy, `${petition}/updates/first-letters`),
    at('no update yet', fresh, `${petition}/updates`),
    at('what is kept of a signer', busy, `${petition}/privacy`),
    at('who runs the site', busy, `/${language}/imprint`),
    at('what the site is', busy, `/${language}/about`),
    at('all public names', busy, `${petition}/names`),
    at('all comments', busy, `${petition}/comments`),
    at('all public names of a petition without any', fresh, `${petition}/names`),
    at('what someone who seizes it learns', busy, '/docs/seizure'),
    at('the documentation of the API', busy, '/api/docs'),
    at('unsubscribing', busy, links.unsubscribe),
    at('unsubscribed', busy, links.unsubscribed),
    at('being taken out of what was imported', busy, links.imported),
    at('taken out of what was imported', busy, links.takenOut),
    at('an address without a page', busy, `/${language}/nothing-here`),
  ]
  return VISITED.includes(language) ? all : all.filter(({ name }) => IN_EVERY_LANGUAGE.has(name))
}

/** Somebody who was taken in from another site's file. */
async function insertImported({ site: { db, clock } }: Harness): Promise<LinkTarget> {
  const { id: petition_id } = await db.selectFrom('petition').select('id').executeTakeFirstOrThrow()
  const [file, tag, mark, nothing] = [
    randomBytes(16),
    randomBytes(16),
    randomBytes(8),
    Buffer.alloc(32),
  ]
  const { id: batch_id } = await db
    .insertInto('import_batch')
    .values({ petition_id, origin: 'csv', file, begun_at: clock.now() })
    .returning('id')
    .executeTakeFirstOrThrow()
  const row = {
    id: newId(),
    batch_id,
    petition_id,
    tag,
    mark,
    commitment: nothing,
    sealed: nothing,
  }
  await db.insertInto('imported').values(row).execute()
  return { id: row.id, address: mark }
}

/** One of the demonstration's has answered, and was corrected; one is silent. */
async function askSome({ site }: Harness): Promise<void> {
  const petition = (await site.petitions.find(DEMO))!
  await site.targets.import(petition, await readTargets(join(DEMO_FOLDER, 'targets.yaml')), TESTER)
  for (const word of ['de', 'us'])
    await site.targets.ask(petition, { word, on: '2024-02-01' }, TESTER)
  const text = 'We share the concern.\nWe will raise it.'
  const texts = Object.fromEntries(petition.settings.languages.map((tag) => [tag, text]))
  const answer = { on: '2024-02-20', texts, source: 'https://example.org/letter' }
  const given = { word: 'de', answer: { ...answer, stance: 'other' as const } }
  const corrects = await site.targets.answer(petition, given, TESTER)
  const mended = { word: 'de', answer: { ...answer, stance: 'partly' as const }, corrects }
  await site.targets.answer(petition, mended, TESTER)
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
  const { code } = await harness.site.sharing.createPartnerLink(
    await getDemo(harness),
    `Radio of ${language}, with a name that runs on`,
    TESTER,
  )
  await clickYesterday(harness, code)
  await harness.tally()
  const held = await insertImported(harness)
  const mark = Buffer.alloc(8)
  await harness.site.db
    .insertInto('import_mark')
    .values({ mark, refused: true })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const imported = (target: LinkTarget) =>
    `/${language}/imported/${makeToken(keyring, 'imported', target)}`
  return {
    imported: imported(held),
    takenOut: imported({ id: newId(), address: null }),
    own: harness.site.sharing.pageToken(code),
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

/** And a board that everybody sees. */
async function clickYesterday({ site }: Harness, code: string): Promise<void> {
  const link = clicksKey(site.keyring, code)
  const day = ago(site.clock, DAY).toISOString().slice(0, 10)
  await site.db.insertInto('share_click').values({ link, day, clicks: 1234 }).execute()
  await sql`update petition set settings = settings || '{"partners":"public"}'`.execute(site.db)
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
