import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { renderMarkdown, renderMarkdownLine } from '../../src/pages/petition/render-markdown.ts'

/**
 * All that may stand between angle brackets in what is shown. Everything else must have been escaped,
 * so this says more than a list of what is forbidden could.
 */
const TAG =
  /^<\/?(p|br|h2|h3|h4|ul|ol|li|blockquote|em|strong|s|code|pre|a|hr)( \/)?>$|^<ol start="\d+">$|^<a href="[^"<>]*" rel="noopener noreferrer">$|^<a rel="noopener noreferrer">$/
const PROTOCOLS = ['https:', 'http:', 'mailto:']

function assertSafe(html: string) {
  for (const [tag] of html.matchAll(/<[^>]*>?/g)) {
    assert.match(tag, TAG, html)
    const href = /href="([^"]*)"/.exec(tag)?.[1]
    if (href !== undefined) assert.ok(PROTOCOLS.includes(protocolOf(href)), html)
    if (href !== undefined && !/^[a-z]+:/i.test(href)) {
      assert.equal(new URL(href, 'https://page.example').host, 'page.example', html)
    }
  }
}

/** What a browser makes of it, which also drops white space and reads "//host". */
function protocolOf(href: string): string {
  assert.doesNotMatch(href, /&(?!(amp|lt|gt|quot);)/)
  const url = href
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
  return URL.canParse(url, 'https://page.example')
    ? new URL(url, 'https://page.example').protocol
    : 'https:'
}

describe('a petition’s text', () => {
  it('has paragraphs, headings below the page’s own, lists, quotes, emphasis and links', () => {
    assert.equal(
      renderMarkdown(
        '# One\n\n## Two\n\nA *b* **c**  \nd\n\n- e\n\n3. f\n\n> g\n\n[h](https://example.org)',
      ),
      '<h2>One</h2>\n<h2>Two</h2>\n<p>A <em>b</em> <strong>c</strong><br />\nd</p>\n' +
        '<ul>\n<li>e</li>\n</ul>\n<ol start="3">\n<li>f</li>\n</ol>\n' +
        '<blockquote>\n<p>g</p>\n</blockquote>\n' +
        '<p><a href="https://example.org" rel="noopener noreferrer">h</a></p>\n',
    )
  })

  it('keeps the words of what it has no look for', () => {
    assert.equal(
      renderMarkdown('##### Deep\n\n~~not~~ `a  b`\n\n```js\n<b>\n  c\n```'),
      '<h4>Deep</h4>\n<p><s>not</s> <code>a  b</code></p>\n' +
        '<pre><code>&lt;b&gt;\n  c\n</code></pre>\n',
    )
    assert.equal(renderMarkdown('| a | b |\n|---|---|\n| c | d |').includes('| c | d |'), true)
  })

  it('leads to another site only by an address that names how', () => {
    for (const address of [
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/%09/evil.example',
    ]) {
      assertSafe(renderMarkdown(`[x](${address}) [y](<${address}>)`))
    }
    assert.doesNotMatch(renderMarkdown('[x](//evil.example)'), /evil/)
    assert.match(renderMarkdown('[x](/en/)'), /href="\/en\/"/)
  })

  it('on one line has emphasis and links only', () => {
    assert.equal(
      renderMarkdownLine('# a *b* [c](mailto:d@example.org)'),
      '# a <em>b</em> <a href="mailto:d@example.org" rel="noopener noreferrer">c</a>',
    )
  })

  it('shows raw HTML as the text it is', () => {
    for (const html of [
      '<script>alert(1)</script>',
      '<SCRIPT SRC=//evil.example></SCRIPT>',
      '<img src=x onerror=alert(1)>',
      '<a href="javascript:alert(1)">x</a>',
      '<p onclick="alert(1)">x</p>',
      '<iframe src="https://evil.example"></iframe>',
      '<style>body{display:none}</style>',
      '<!-- --><svg/onload=alert(1)>',
      '<form action=//evil.example><input name=email>',
    ]) {
      for (const shown of [renderMarkdown(html), renderMarkdownLine(html)]) {
        assertSafe(shown)
        assert.match(shown, /&lt;/)
      }
    }
  })

  it('has no link that runs a script or carries a page in itself', () => {
    for (const address of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      '&#106;avascript:alert(1)',
      'java&Tab;script:alert(1)',
      '\\x01javascript:alert(1)',
      '<javascript:alert(1)>',
      '<java\tscript:alert(1)>',
      'vbscript:msgbox(1)',
      'data:text/html;base64,PHNjcmlwdD4=',
      'data:image/png;base64,AAAA',
      'file:///etc/passwd',
    ]) {
      for (const text of [`[x](${address})`, `[x][r]\n\n[r]: ${address}`, `![x](${address})`]) {
        const html = renderMarkdown(text)
        assertSafe(html)
      }
    }
  })

  it('has no attribute beyond a link’s address', () => {
    assert.equal(
      renderMarkdown('[x](https://example.org/"onmouseover="alert(1) "title\' onclick=\'y")'),
      renderMarkdown('[x](https://example.org/"onmouseover="alert(1) "other")'),
    )
    assertSafe(renderMarkdown('[x](https://example.org "t\\" onclick=\\"alert(1)")'))
  })

  it('loads nothing from anyone: images are left out', () => {
    assert.doesNotMatch(renderMarkdown('![a](https://tracker.example/x.png) b'), /tracker|<img/)
    assert.doesNotMatch(renderMarkdownLine('![a](//tracker.example/x.png)'), /tracker|<img/)
  })

  it('is safe whatever is written', () => {
    const piece = fc.constantFrom(
      ...'<>"\'()[]!`*_#&;:/\\=\n\t \0',
      'javascript:',
      'https://example.org',
      '<script>',
      'onerror=',
      '<img src=x ',
      '&lt;',
      '&#60;',
      '![a](',
      '[a](',
      '<a href="',
      '<!--',
      ']]>',
      'x',
    )
    fc.assert(
      fc.property(fc.string({ unit: piece, maxLength: 30 }), (text) => {
        assertSafe(renderMarkdown(text))
        assertSafe(renderMarkdownLine(text))
      }),
      { numRuns: 1500, examples: [['[a](\\&#60;)']] },
    )
  })
})
