import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { keyFile, keys, sealPeople } from '../support/browser/unsealing-people.ts'
import { visitUnsealingPage } from '../support/browser/unsealing-visit.ts'
import { exportText, SLUG } from '../support/sealed-export.ts'

const HEADING = `Signers of ${SLUG}`
/** Enough that the work is under way for a while. */
const MANY = 3_000
/** For one that should not be there. */
const VIOLATION_MS = 500

describe('the unsealing page at work', () => {
  let names: string[]
  before(async () => {
    names = await sealPeople()
  })

  for (const [how, refusal] of [
    ['threads', ''],
    ['slices, where threads are refused', `throw new DOMException('no', 'SecurityError')`],
    ['slices, where threads fail', `setTimeout(() => this.onerror({ message: 'no' }))`],
  ] as const) {
    it(`many records open in ${how}, with progress; it can be cancelled; pages are turned`, async () => {
      const many = exportText([...names, ...Array(MANY - names.length).fill(names[0])])
      const prepare = (page: Page) =>
        page.addInitScript({
          content: `window.threads = 0; window.Worker = class extends ${refusal ? 'Object' : 'Worker'} {
            constructor(url) { super(url); window.threads++; ${refusal} }
            terminate() { ${refusal ? '' : 'super.terminate()'} }
          }`,
        })
      await visitUnsealingPage(
        async ({ page, ...visit }) => {
          await visit.choose(many, keyFile(keys))
          await visit.press('unsealing.choose.submit')
          await page
            .getByText(/^[1-9][\d,]* of 3,000$/)
            .first()
            .waitFor()
          await visit.press('unsealing.working.cancel')
          await visit.see('Open the list of signers')
          await visit.press('unsealing.choose.submit')
          await visit.see('Opening the list')
          await visit.see(HEADING)
          assert.ok(((await page.evaluate('threads')) as number) > 0)
          await page.getByLabel('2,986 problems').check()
          await page.getByText('Page 1 of 30').waitFor()
          assert.equal(await visit.rows.count(), 100)
          await visit.press('unsealing.pager.last')
          await page.getByText('Page 30 of 30').waitFor()
          assert.equal(await visit.rows.count(), 86)
        },
        { prepare },
      )
    })
  }

  it('no request leaves, neither from the page nor from a thread that it starts', async () => {
    let arrived = 0
    const server = createServer((_, answer) => {
      arrived++
      answer.end()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const url = JSON.stringify(`http://127.0.0.1:${port}/`)
    const attempt = `fetch(${url}, { mode: 'no-cors' }).then(() => 'sent', () => 'refused')`
    const inThread = `new Promise((resolve) => {
      const code = new Blob([${JSON.stringify(`${attempt}.then(postMessage)`)}])
      new Worker(URL.createObjectURL(code)).onmessage = ({ data }) => resolve(data)
    })`
    try {
      await visitUnsealingPage(
        async ({ page }) => {
          await page.context().setOffline(false)
          await page.evaluate(`window.violated = new Set()
            addEventListener('securitypolicyviolation', (event) => violated.add(event.effectiveDirective))`)
          assert.equal(await page.evaluate(attempt), 'refused')
          assert.equal(await page.evaluate(inThread), 'refused')
          await page.evaluate(`{
            const add = (tag, more) => document.body.append(Object.assign(document.createElement(tag), more))
            add('img', { src: ${url} })
            add('iframe', { src: ${url} })
            add('link', { rel: 'stylesheet', href: ${url} })
            add('script', { text: 'window.ran = true' })
            add('form', { action: ${url}, id: 'sent' })
            document.getElementById('sent').submit()
          }`)
          await page.waitForFunction('violated.size >= 6')
          await page.waitForTimeout(VIOLATION_MS)
          assert.deepEqual(await page.evaluate('[...violated].sort()'), [
            'connect-src',
            'form-action',
            'frame-src',
            'img-src',
            'script-src-elem',
            'style-src-elem',
          ])
          assert.equal(await page.evaluate('window.ran'), undefined)
        },
        { provokes: /Content Security Policy/ },
      )
    } finally {
      server.close()
    }
    assert.equal(arrived, 0)
  })
})
