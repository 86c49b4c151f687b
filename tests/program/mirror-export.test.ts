import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import Handlebars from 'handlebars'
import { HtmlValidate, StaticConfigLoader } from 'html-validate'
import { copyPages } from '../../src/commands/copy-pages.ts'
import { addMirrorCommands } from '../../src/commands/mirror.ts'
import { languageNames, languages } from '../../src/platform/i18n/translate.ts'
import { NARROWEST, tooWide } from '../support/browser/inspect-page.ts'
import { launchChromium } from '../support/browser/launch-chromium.ts'
import { copyDemo, DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { runCommand } from '../support/run-command.ts'
import { signAndConfirm } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { agreed, TESTER } from '../support/tester.ts'
import { updateDesk } from '../support/update-desk.ts'

const MIRROR = 'https://second.example'

describe('a static copy', () => {
  const harness = useHarness({ MIRRORS: MIRROR })
  const folder = join(temporaryFolder(), 'copy')
  const run = (out: string) =>
    runCommand(harness.site, addMirrorCommands, ['mirror', 'export', '--out', out])
  const pagesIn = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.html'),
    )
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')

  /** All that a petition can have pages of: an older text, partners, leaders of two countries, an update. */
  async function tellAll() {
    const files = copyDemo()
    await files.change('petition.yaml', /^accent:/m, 'partners: public\naccent:')
    await files.change('petition.yaml', /figures: guarded/, 'figures: live')
    await files.change('en.md', /^slogan: .*$/m, 'slogan: "No to glorifying, said anew"')
    await harness.site.publishing.publish(files.path, { by: TESTER, isDemo: true, agree: agreed })
    harness.site.petitions.drop()
    const petition = await getDemo(harness)
    await harness.site.sharing.createPartnerLink(petition, 'Herald', TESTER)
    const leaders = ['DE', 'FR'].map((country) => ({
      id: country.toLowerCase(),
      country,
      office: 'government' as const,
    }))
    await harness.site.targets.import(petition, leaders, TESTER)
    await updateDesk(harness).publish('first-letters')
  }

  it('has the pages that are read, in every language', async () => {
    await tellAll()
    await signAndConfirm(harness, { email: 'a@example.org', name: 'Leyla Yunus', display: 'name' })
    const { code, output } = await run(folder)
    assert.equal(code, 0, output)
    assert.ok(output.includes(`files: begin with ${join(folder, 'index.html')}`), output)
    for (const language of ['en', 'az', 'ru', 'be']) {
      for (const page of ['', 'answers', 'partners', 'updates', 'verify', 'privacy'])
        assert.ok(existsSync(join(folder, language, 'p', DEMO, page, 'index.html')), page)
    }
    const page = (name: string) => read(join('en', 'p', DEMO, name, 'index.html'))
    assert.match(page(''), /Leyla Yunus/)
    assert.match(page(''), /No to glorifying/)
    assert.match(page('answers'), /France[\s\S]*Germany/)
    assert.match(page('partners'), /Herald/)
    assert.match(page('updates/first-letters'), /letters are out/)
    assert.match(page('versions/1'), /No to glorifying/)
    assert.ok(existsSync(join(folder, 'ru', 'p', DEMO, 'updates', 'first-letters', 'index.html')))
  })

  it('has a page at its root, in every language, that says where one signs', async () => {
    const html = read('index.html')
    for (const language of languages) {
      const link = `<a href="${language}/index.html" hreflang="${language}">${languageNames[language]}</a>`
      assert.ok(html.includes(link), language)
      assert.ok(existsSync(join(folder, language, 'index.html')), language)
    }
    assert.match(html, /Это копия сайта/)
    assert.match(html, /<section lang="fa" dir="rtl">/)
    const validator = new HtmlValidate(
      new StaticConfigLoader({ extends: ['html-validate:standard'], root: true }),
    )
    const { results } = await validator.validateString(html)
    assert.deepEqual(
      results.flatMap(({ messages }) => messages.map(({ message }) => message)),
      [],
    )
  })

  it('is read from a folder, without a script and a web server', async () => {
    const browser = await launchChromium()
    try {
      const page = await browser.newPage({
        javaScriptEnabled: false,
        viewport: { width: NARROWEST, height: 800 },
      })
      const wrong: string[] = []
      page.on('request', (request) => {
        if (!request.url().startsWith('file:')) wrong.push(request.url())
      })
      page.on('requestfailed', (request) => wrong.push(request.url()))
      page.on('console', (message) => wrong.push(message.text()))
      await page.goto(pathToFileURL(join(folder, 'index.html')).href)
      assert.deepEqual(await tooWide(page), [])
      const paper = 'getComputedStyle(document.body).backgroundColor'
      assert.equal(await page.evaluate(paper), 'rgb(251, 251, 248)')
      await page.getByRole('link', { name: 'Русский' }).click()
      await page.locator(`a[href$="${DEMO}/index.html"]`).first().click()
      await page.getByRole('link', { name: 'Все, к кому мы обращаемся' }).click()
      assert.match(page.url(), /ru\/p\/cop29-baku\/answers\/index\.html$/)
      assert.deepEqual(wrong, [])
    } finally {
      await browser.close()
    }
  })

  it('chooses no country of those who are asked, and shows all of them', () => {
    for (const page of pagesIn()) assert.doesNotMatch(read(page), /board-country/, page)
    assert.match(
      read(`en/p/${DEMO}/index.html`),
      /<p class="onward"><a href="answers\/index\.html">All who are asked/,
    )
    const main = read(`en/p/${DEMO}/answers/index.html`)
    assert.doesNotMatch(main, /To the site|All who are asked/)
  })

  it('leads to its own files by relative links alone, each of which is there', () => {
    for (const page of pagesIn()) {
      const html = read(page)
      assert.doesNotMatch(html, /\s(?:href|src|action|srcset)="\//, page)
      const links = [...html.matchAll(/\s(?:href|src)="([^"#:]+)(?:#[^"]*)?"/g)]
      const sets = [...html.matchAll(/\ssrcset="([^"]+)"/g)].flatMap(([, set]) =>
        set!.split(', ').map((each) => ['', each.split(' ')[0]!]),
      )
      for (const [, link] of [...links, ...sets])
        assert.ok(existsSync(resolve(folder, dirname(page), link!)), `${page}: ${link}`)
    }
    const styles = readdirSync(join(folder, 'assets')).filter((file) => file.endsWith('.css'))
    for (const [, font] of read(`assets/${styles[0]}`).matchAll(/url\("?([^")]+)"?\)/g))
      if (!font!.startsWith('data:')) assert.ok(existsSync(join(folder, 'assets', font!)), font)
  })

  it('asks nothing, runs nothing, and says where one signs', () => {
    for (const page of pagesIn()) {
      const html = read(page)
      assert.doesNotMatch(
        html,
        /<form|<script type="module"|<input(?![^>]* readonly)|<textarea/,
        page,
      )
      assert.ok(html.includes('href="http://petitions.test/"'), page)
      assert.ok(html.includes(`href="${MIRROR}/"`), page)
    }
    assert.match(
      read(`en/p/${DEMO}/index.html`),
      /href="http:\/\/petitions\.test\/en\/p\/cop29-baku">To the site/,
    )
    assert.match(read(`ru/p/${DEMO}/index.html`), /Это копия сайта/)
  })

  it('leads from a form to its address, which is escaped once', async () => {
    const page = `<main><form action="/en/p/a/report?of&#x3D;1&amp;n&#x3D;2" method="post"></form>
      <a href="/en/p/a/report?of&#x3D;1&amp;n&#x3D;2#a&quot;b">report</a> <a href="/en/about#a&quot;b">about</a></main>`
    const files = copyPages(
      {
        fetch: async (path) =>
          path === '/en/' ? { type: 'text/html', body: Buffer.from(page) } : null,
        origin: 'https://site.example',
        notice: () => '',
        elsewhere: (_language, href) =>
          `<a href="${Handlebars.Utils.escapeExpression(href)}">on</a>`,
        whole: () => '',
      },
      ['/en/'],
    )
    let body = ''
    for await (const file of files) body += file.body
    const links = [...body.matchAll(/href="([^"]*)"/g)].map(([, link]) => link)
    const address = 'https://site.example/en/p/a/report?of&#x3D;1&amp;n&#x3D;2'
    assert.deepEqual(links, [address, `${address}#a&quot;b`, 'about/index.html#a&quot;b'])
  })

  it('is written over nothing', async () => {
    const { code, errors } = await run(folder)
    assert.equal(code, 1)
    assert.match(errors, /is not empty: name a folder that is not there yet/)
  })
})
