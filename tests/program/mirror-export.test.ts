import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import Handlebars from 'handlebars'
import { copyPages } from '../../src/commands/copy-pages.ts'
import { addMirrorCommands } from '../../src/commands/mirror.ts'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { runCommand } from '../support/run-command.ts'
import { signAndConfirm } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

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

  it('has the pages that are read, in every language', async () => {
    await signAndConfirm(harness, { email: 'a@example.org', name: 'Leyla Yunus', display: 'name' })
    const { code, output } = await run(folder)
    assert.equal(code, 0, output)
    assert.match(output, /has \d+ files: begin with /)
    for (const language of ['en', 'az', 'ru', 'be']) {
      for (const page of ['', 'verify/', 'privacy/'])
        assert.ok(existsSync(join(folder, language, 'p', DEMO, page, 'index.html')), page)
    }
    assert.match(read(`en/p/${DEMO}/index.html`), /Leyla Yunus/)
    assert.match(read(`en/p/${DEMO}/index.html`), /No to glorifying/)
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
      assert.doesNotMatch(html, /<form|<script type="module"|<input|<textarea/, page)
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
