import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { strictPolicy } from '../support/browser/news-site.ts'
import { useNewspaper } from '../support/browser/newspaper.ts'
import { withPage } from '../support/browser.ts'

/** The lines of docs/sharing.md as editors leave them. */
const REPLACED = {
  'as they are': '<div>LINK SCRIPT</div>',
  'a line break between': '<p>LINK<br />\nSCRIPT</p>',
  'a paragraph for each': '<p>LINK</p>\n<p>SCRIPT</p>',
  'a paragraph for the link, with a break and emphasis': '<p><strong>LINK</strong><br></p>\nSCRIPT',
  'blocks in blocks': '<div><p>LINK</p></div><!-- /block --><div>&nbsp;<p><br>SCRIPT</p></div>',
  'an empty paragraph between': '<p>LINK</p><p>&nbsp;</p><p>SCRIPT</p>',
}
/** More than the link is there, or another link. */
const LEFT = {
  'words beside the link': '<p>First read: LINK</p><p>SCRIPT</p>',
  'words before the script': '<p>LINK</p><p>Here is the form. SCRIPT</p>',
  'another petition': '<p>OTHER</p><p>SCRIPT</p>',
  'the whole site': '<p>SITE</p><p>SCRIPT</p>',
}

describe('the link beside a petition’s frame', () => {
  const { site, news, partner } = useNewspaper()

  async function seesLink(markup: string): Promise<boolean> {
    const { origin } = site
    const link = (path: string) => `<a href="${origin}${path}">Sign the petition</a>`
    const content = markup
      .replace('LINK', link(`/s/${partner.code}`))
      .replace('OTHER', link('/en/p/another'))
      .replace('SITE', link('/en/'))
      .replace(
        'SCRIPT',
        `<script async src="${origin}/embed.js" data-petition="cop29-baku" data-ref="${partner.code}"></script>`,
      )
    const policy = strictPolicy(origin)
    return withPage({}, async (page) => {
      // As themes have it for buttons.
      const styles = 'article a { display: inline-block }'
      await page.goto(news.show({ policy, styles, content }))
      await page.waitForFunction(`told.some(({ name }) => name === 'ready')`)
      assert.equal(await page.locator('iframe').isVisible(), true)
      return page.getByText('Sign the petition', { exact: true }).isVisible()
    })
  }

  for (const [how, markup] of Object.entries(REPLACED)) {
    it(`makes room for it, however an editor has changed the lines: ${how}`, async () => {
      assert.equal(await seesLink(markup), false)
    })
  }

  for (const [how, markup] of Object.entries(LEFT)) {
    it(`stays where the frame does not take its place: ${how}`, async () => {
      assert.equal(await seesLink(markup), true)
    })
  }

  it('may name the petition’s own page', async () => {
    const link = `<a href="${site.origin}/en/p/cop29-baku?ref=${partner.code}">Sign the petition</a>`
    assert.equal(await seesLink(`<p>${link}</p><p>SCRIPT</p>`), false)
  })
})
