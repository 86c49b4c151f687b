import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { HtmlValidate, StaticConfigLoader } from 'html-validate'
import { languages, views } from '../../src/platform/i18n/translate.ts'
import { renderInbox, renderMailPage } from '../../src/platform/mail/inbox-page.ts'
import { readAssets, readPublicFile } from '../../src/platform/web/assets.ts'
import { createHandlebars } from '../../src/platform/web/handlebars.ts'
import { everyPage, type Sites, startSites } from '../support/browser/every-page.ts'
import { petitionPath } from '../support/browser/person.ts'
import { withPage } from '../support/browser.ts'
import type { Harness } from '../support/harness.ts'
import { previewPages } from '../support/preview-pages.ts'
import { get, post, signAndOpenMail } from '../support/signer.ts'

/** What the HTML standard asks for and nothing of taste. */
const validator = new HtmlValidate(
  new StaticConfigLoader({ extends: ['html-validate:standard'], root: true }),
)

/** A form with each field wrong that a form can have wrong. */
const WRONG = {
  name: '',
  email: 'leyla@',
  country: 'XX',
  comment: 'http://x.example',
  display: 'x',
}

describe('the HTML of', { concurrency: 2 }, () => {
  let sites: Sites
  before(async () => {
    sites = await startSites()
  })
  after(() => sites.close())

  async function check(found: string[], name: string, html: string) {
    assert.match(html, /^<!doctype html>/i, name)
    for (const fault of await faultsOf(html)) found.push(`${name}: ${fault}`)
  }
  const checkAnswer = async (found: string[], name: string, answer: Response) =>
    check(found, `${name} (${answer.status})`, await answer.text())

  for (const language of languages) {
    it(`every page that a signer can meet is valid: ${language}`, async () => {
      const found: string[] = []
      await withPage({ locale: language }, async (page) => {
        for (const { name, open } of await everyPage(sites, language)) {
          const documents: Promise<string>[] = []
          const hear = (response: import('playwright-core').Response) => {
            const isPage = response.request().resourceType() === 'document'
            if (isPage && response.status() !== 303) documents.push(response.text())
          }
          page.on('response', hear)
          await open(page)
          await page.waitForLoadState()
          page.off('response', hear)
          assert.ok(documents.length > 0, name)
          for (const html of await Promise.all(documents)) await check(found, name, html)
        }
      })
      assert.deepEqual(found, [])
    })

    it(`every other page is valid, too: ${language}`, async () => {
      const { busy, fresh } = sites
      const found: string[] = []
      const petition = petitionPath(language)
      for (const path of [
        `${petition}/versions/1`,
        `${petition}?was=xx`,
        `/${language}/too-many-requests`,
        '/',
        '/api/docs',
        '/docs/seizure',
      ]) {
        await checkAnswer(found, path, await get(busy, path))
      }
      const wrong = await post(busy, `${petition}/signatures`, WRONG)
      assert.equal(wrong.status, 422)
      await checkAnswer(found, 'a form with all wrong', wrong)
      const opening = await postConfirmation(fresh, language)
      await checkAnswer(found, 'the private part of a receipt', opening)
      const foreign = { 'sec-fetch-site': 'cross-site' }
      for (const [path, fields] of [
        [`${petition}/signatures`, WRONG],
        [`${petition}/withdraw`, { email: 'leyla@' }],
      ] as const) {
        await checkAnswer(found, 'a foreign form', await post(busy, path, fields, foreign))
      }
      assert.deepEqual(found, [])
    })

    it(`every page of the preview is valid: ${language}`, async () => {
      const found: string[] = []
      const handlebars = createHandlebars()
      const read = (template: string) =>
        handlebars.compile(readFileSync(join(views, `${template}.hbs`), 'utf8'))
      const layout = read('layout')
      for (const [state, { template, page }] of Object.entries(previewPages(language))) {
        await check(
          found,
          state,
          layout({ ...page, assets: readAssets().paths, body: read(template)(page) }),
        )
      }
      assert.deepEqual(found, [])
    })
  }

  it('the inbox and the unsealing page is valid', async () => {
    const found: string[] = []
    const mail = {
      id: 1,
      to: 'ann@example.org',
      from: 'Undersigned <site@example.org>',
      subject: 'A “subject” & <more>',
      text: 'Follow https://example.org/en/confirm/x?a=b&c=d\n\n-- \nUndersigned',
      html: '<!doctype html><html lang="en"><title>Mail</title><p>"Text"</p></html>',
    }
    await check(found, 'an empty inbox', renderInbox([]))
    await check(found, 'the inbox', renderInbox([mail, { ...mail, id: 2, html: '' }]))
    await check(found, 'a mail', renderMailPage(mail))
    await check(found, 'a mail of text', renderMailPage({ ...mail, html: '' }))
    await check(found, 'the unsealing page', readPublicFile('unseal.html').toString())
    assert.deepEqual(found, [])
  })
})

async function postConfirmation(harness: Harness, language: string): Promise<Response> {
  const link = await signAndOpenMail(harness, { email: `own.${language}@example.org` }, language)
  return post(harness, link, { decision: 'confirm', opening: 'yes' })
}

/**
 * What is wrong with a page as it is sent, by the HTML standard; empty when nothing is. The last three rules
 * are the standard's, too, and html-validate has none for them.
 */
async function faultsOf(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html)
  const faults = results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`),
  )
  const tags = [...html.matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: HTML, 13.2.3.5, forbids just these.
  if (/[\0-\x08\x0b\x0e-\x1f\x7f-\x9f]/.test(html)) faults.push('a control character')
  // HTML, 6.6.7: one element of a document.
  const focused = tags.filter((tag) => / autofocus[ >=]/.test(tag))
  if (focused.length > 1) faults.push(`autofocus: ${focused.length} elements have it`)
  // HTML, 4.12.1: a module is deferred, and must not say so.
  const deferred = tags.filter((tag) => /^<script.* type="module".* defer[ >=]/.test(tag))
  return [...faults, ...deferred.map((tag) => `defer: ${tag}`)]
}
