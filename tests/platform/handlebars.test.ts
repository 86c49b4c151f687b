import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createHandlebars } from '../../src/platform/web/handlebars.ts'

const handlebars = createHandlebars()
const render = (template: string, view: Record<string, unknown> = {}) =>
  handlebars.compile(template)({ language: 'en', ...view })

describe('a template', () => {
  it('escapes whatever people wrote, in text and in attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>"\'`=&a/ ') }), (text) => {
        const html = render('{{text}}', { text })
        assert.doesNotMatch(html, /[<>"'`=]/)
        assert.doesNotMatch(html, /&(?!(amp|lt|gt|quot|#x27|#x60|#x3D);)/)
      }),
    )
  })

  it('escapes values that stand in a translated string', () => {
    const html = render('{{t "checkEmail.open" sender=sender}}', { sender: '<b>"x"</b>' })
    assert.match(html, /&lt;b&gt;&quot;x&quot;&lt;\/b&gt;/)
  })

  it('takes nothing within a value for a string of its own, or for a place to fill', () => {
    const sender = '$t(form.submit) {{language}} {{t "form.submit"}}'
    const html = render('{{t "checkEmail.open" sender=sender}} {{sender}}', { sender })
    assert.equal(html.split('$t(form.submit) {{language}} {{t &quot;form.submit&quot;}}').length, 3)
  })

  it('finds the page’s language at any depth', () => {
    const template = '{{#each list}}{{#with inner}}{{t "form.submit"}} {{/with}}{{/each}}'
    const list = [{ inner: { language: 'xx' } }, { inner: {} }]
    assert.equal(render(template, { language: 'ru', list }), 'Подписать Подписать ')
  })

  it('fails for a string, a value or a language that is not there', () => {
    assert.throws(() => render('{{t "no.such.key"}}'), /has no string "no.such.key"/)
    assert.throws(() => render('{{t "form"}}'), /is a group of strings/)
    assert.throws(() => render('{{t "petition.source"}}'), /a value is missing/)
    assert.throws(() => render('{{t "form.submit"}}', { language: 'xx' }), /no language "xx"/)
  })

  it('chooses the plural that the language asks for, with its own numerals', () => {
    const say = (language: string, count: number) =>
      render('{{t "form.errorHeading" count=count}}', { language, count })
    assert.equal(say('en', 1), 'One thing needs your attention')
    assert.equal(say('en', 2), '2 things need your attention')
    assert.equal(new Set([1, 2, 5].map((count) => say('ru', count).replace(/\d/, ''))).size, 3)
    assert.equal(say('ru', 21).replace('21', '1'), say('ru', 1))
  })

  it('compares and joins', () => {
    assert.equal(render('{{#if (eq a "x")}}yes{{else}}no{{/if}}', { a: 'x' }), 'yes')
    assert.equal(render('{{#if (eq a "1")}}yes{{else}}no{{/if}}', { a: 1 }), 'no')
    assert.equal(render('{{t (concat "form." part)}}', { part: 'submit' }), 'Sign')
  })

  it('keeps each line of a comment where it stood, however deep the partial', () => {
    handlebars.registerPartial('inner', '<textarea>\n{{text}}</textarea>')
    assert.equal(
      render('<div>\n    {{> inner}}\n</div>', { text: 'one\ntwo' }),
      '<div>\n    <textarea>\none\ntwo</textarea></div>',
    )
    handlebars.unregisterPartial('inner')
  })
})
