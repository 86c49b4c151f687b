import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { encryptComment } from '../../src/sealing/signer-details.ts'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
import { writeComment } from '../support/browser/person.ts'
import { withPage } from '../support/browser.ts'
import { DEMO } from '../support/demo.ts'
import { form, get, post, signAndConfirm } from '../support/signer.ts'
import { until } from '../support/until.ts'
import { XSS_VECTORS } from '../support/xss-vectors.ts'

const PAGE = `/en/p/${DEMO}`
const QUERIES = ['ref', 'source', 's', 'n', 'was', 'without', 'lang', 'by', 'unknown']
const FIELDS = Object.keys(form())
const MORE = ['comment', 'postcode', 'ref', 'source', 'asked', 'textVersion']
/** Side by side, where each alone would take long. */
const TOGETHER = 3
const GROUPS = XSS_VECTORS.flatMap((_, nth) =>
  nth % TOGETHER === 0 ? [XSS_VECTORS.slice(nth, nth + TOGETHER).join(' ')] : [],
)
const ALL = XSS_VECTORS.join('\n\n')

/**
 * Everything on a page that can run a script, load something or send a form, as Chromium's parser reads it. To be run
 * in a browser, on a page without scripts.
 */
const FIND_POWERS = String.raw`(html) => {
  const roots = [new DOMParser().parseFromString(html, 'text/html')]
  const powers = new Set()
  for (const root of roots) {
    for (const element of root.querySelectorAll('*')) {
      const name = element.localName
      if (element instanceof HTMLTemplateElement) roots.push(element.content)
      if (/^(?:script|iframe|object|embed|base|style|math|foreignobject|animate|set|frame|applet|template|img|video|audio|source)$/i.test(name))
        powers.add('<' + name + ' ' + (element.getAttribute('src') ?? '') + '>')
      if (name === 'meta' || name === 'link')
        powers.add('<' + name + ' ' + (element.getAttribute('http-equiv') ?? element.getAttribute('rel')) + '>')
      for (const { name: attribute, value } of element.attributes) {
        if (/^on|^style$|^srcdoc$/i.test(attribute)) powers.add(name + ' ' + attribute)
        // As a browser reads an address: without what it leaves out.
        const address = value.replace(/[\0-\x20]/g, '').toLowerCase()
        const isAddress = /^(?:xlink:href|href|src|srcset|action|formaction|data|from|to|values|ping|poster|background)$/.test(attribute)
        if (isAddress && /^(?:javascript|vbscript|data):/.test(address))
          powers.add(name + ' ' + attribute + '=' + address.slice(0, 20))
        if (/^(?:form)?action$/.test(attribute) && !/^\/(?!\/)|^http:\/\/127\.0\.0\.1/.test(value))
          powers.add(name + ' ' + attribute + '=' + value)
      }
    }
  }
  return [...powers].sort()
}`
const findPowers = (page: Page, html: string): Promise<string[]> =>
  page.evaluate(`(${FIND_POWERS})(${JSON.stringify(html)})`)

describe('what would run as a script, wherever it is put', () => {
  let site: LiveSite
  before(async () => {
    site = await startLiveSite()
    await signAndConfirm(site.harness, { email: 'shown@example.org', display: 'name' })
    await site.harness.sequence()
  })
  after(() => site.close())

  /** @returns what the page has of powers that the same page without the text lacks */
  async function compare(
    page: Page,
    take: (text: string) => Promise<string>,
    what: string,
    vectors: readonly string[] = GROUPS,
  ) {
    const usual = new Set(await findPowers(page, await take('plain')))
    for (const vector of [...vectors, ALL]) {
      const found = await findPowers(page, await take(vector))
      const more = found.filter((power) => !usual.has(power))
      assert.deepEqual(more, [], `${what}: ${vector.slice(0, 300)}`)
    }
  }

  const textOf = async (answer: Promise<Response>) => (await answer).text()
  const everyField = (value: string) => Object.fromEntries(FIELDS.map((name) => [name, value]))

  it('would be seen, if it were not shown as text', async () => {
    await withPage({ javaScript: false }, async (page) => {
      let seen = 0
      for (const vector of XSS_VECTORS) if ((await findPowers(page, vector)).length > 0) seen++
      // Markdown, templates and encodings are harmless where they come as they are.
      assert.ok(seen >= 40, `${seen} of ${XSS_VECTORS.length}`)
    })
  })

  it('is shown as text by every form that comes back', async () => {
    await withPage({ javaScript: false }, async (page) => {
      const { harness } = site
      const forms: Record<string, (value: string) => Promise<Response>> = {
        'the form to sign': (value) =>
          post(harness, `${PAGE}/signatures`, {
            ...everyField(value),
            ...Object.fromEntries(MORE.map((name) => [name, value])),
          }),
        'the form in another language': (value) => post(harness, PAGE, everyField(value)),
        'the form by way of another site': (value) =>
          post(harness, `${PAGE}/signatures`, everyField(value), {
            'sec-fetch-site': 'cross-site',
          }),
        'the form for a link to withdraw': (value) =>
          post(harness, `${PAGE}/withdraw`, { email: `${value}@` }),
      }
      for (const [what, send] of Object.entries(forms))
        await compare(page, (value) => textOf(send(value)), what)
    })
  })

  it('is shown as text, or not at all, from every parameter and path', async () => {
    await withPage({ javaScript: false }, async (page) => {
      for (const path of [PAGE, `${PAGE}/thanks`, `${PAGE}/check-your-email`]) {
        const query = (value: string) =>
          new URLSearchParams(Object.fromEntries(QUERIES.map((name) => [name, value]))).toString()
        const take = (value: string) =>
          textOf(get(site.harness, `${path}?${query(value).slice(0, 9000)}`))
        await compare(page, take, path)
      }
      const take = (value: string) =>
        textOf(get(site.harness, `/en/p/${encodeURIComponent(value.slice(0, 60))}`))
      await compare(page, take, 'a path')
    })
  })

  it('is shown as text, or as harmless Markdown, in a petition’s texts, names, comments and mails', async () => {
    await withPage({ javaScript: false }, async (page) => {
      const { harness } = site
      let nth = 0
      const pages = [PAGE, '/en/', `${PAGE}/thanks`]
      const take = async (value: string) => {
        await write(value)
        const bodies = await Promise.all(pages.map((path) => textOf(get(harness, path))))
        const email = `xss-${nth++}@example.org`
        await post(harness, `${PAGE}/signatures`, form({ email }))
        const mail = await until(
          async () => harness.mail.mails.find((one) => one.recipient === email),
          {
            everyMs: 20,
            complaint: `no mail to ${email}`,
          },
        )
        return [...bodies, String(mail.html)].join('\n')
      }
      await compare(page, take, 'texts', XSS_VECTORS)
    })
  })

  it('runs nowhere in a browser, and makes it ask for nothing', async () => {
    await write(ALL)
    await withPage({}, async (page) => {
      const dialogs: string[] = []
      page.on('dialog', async (dialog) => {
        dialogs.push(dialog.message())
        await dialog.dismiss()
      })
      const query = new URLSearchParams(
        QUERIES.map((name): [string, string] => [name, XSS_VECTORS[0]!]),
      ).toString()
      for (const path of [
        PAGE,
        `${PAGE}?${query}`,
        `${PAGE}/thanks?${query}`,
        `${PAGE}/verify`,
        '/en/',
      ]) {
        await page.goto(`${site.origin}${path}`)
        await page.waitForLoadState('load')
      }
      await page.goto(`${site.origin}${PAGE}`)
      await page.locator('#field-name').fill(ALL.replaceAll('\n', ' '))
      await writeComment(page, 'en', ALL)
      await page.locator('form#sign-form').evaluate('document.querySelector("#sign-form").submit()')
      await page.locator('[data-error-summary]').waitFor()
      assert.deepEqual(dialogs, [])
    })
  })

  /** Past the checks at publishing and signing, into every text that a page or mail may show. */
  async function write(value: string): Promise<void> {
    // PostgreSQL stores no NUL.
    const text = value.replaceAll('\0', '')
    const { connection } = site.harness
    const { rows } = await connection.pool.query('select content from petition_text limit 1')
    const content = JSON.stringify(replaceAll(rows[0].content, text))
    await connection.pool.query('update petition_text set content = $1', [content])
    await connection.pool.query('update public_name set name = $1', [text])
    const comment = encryptComment(site.harness.site.keyring, text)
    await connection.pool.query(
      `insert into comment (signature_id, petition_id, text, state, country, confirmed_at)
         select signature_id, petition_id, $1, 'approved', country, confirmed_at from public_name
         on conflict (signature_id) do update set text = excluded.text`,
      [comment],
    )
  }
})

/** Ids stay: they are no text. */
function replaceAll(value: unknown, text: string, key = ''): unknown {
  if (typeof value === 'string') return text
  if (key === 'sources' && Array.isArray(value)) return value
  if (Array.isArray(value)) return value.map((one) => replaceAll(one, text))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, replaceAll(one, text, name)]),
  )
}
