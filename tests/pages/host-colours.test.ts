import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { contrast } from '../../src/pages/embed/contrast.ts'
import { PALETTES, writeColours } from '../../src/pages/embed/host-colours.ts'
import { accents } from '../../src/petition/files/petition-files.schema.ts'

const hex = fc.stringMatching(/^[0-9a-f]{6}$/)
const maybe = fc.oneof(hex, fc.constant('x'))

describe('a frame in the host’s colours', () => {
  it('can be read, whatever they are', () => {
    const name = fc.tuple(
      fc.constantFrom(...accents),
      fc.constantFrom('light', 'dark'),
      maybe,
      maybe,
      maybe,
    )
    fc.assert(
      fc.property(name, (parts) => {
        const sheet = writeColours(`${parts.join('-')}.css`)!
        const found = Object.fromEntries(
          [...sheet.matchAll(/--(\w+):(#[0-9a-f]{6})/g)].map(([, part, colour]) => [part, colour!]),
        )
        const own = PALETTES[parts[1] as 'light' | 'dark']
        const { paper = own.paper, ink = own.ink, accent } = found
        const { soft = own.soft, error = own.error, rule = own.rule } = found
        for (const text of [ink, soft, error, accent!]) assert.ok(contrast(text, paper) >= 4.5)
        assert.ok(contrast(rule, paper) >= 3)
        if (found.field) assert.ok(contrast(ink, found.field) >= 4.5)
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps a colour that can be read as it is', () => {
    const sheet = writeColours('garnet-light-0a5877-ffffff-222222.css')!
    assert.match(
      sheet,
      /color-scheme:light;--paper:#ffffff;.*--ink:#222222.*body\{--accent:#0a5877\}/,
    )
    assert.equal(writeColours('garnet-dark-x-x-x.css'), ':root{}body{--accent:#f296a0}\n')
  })

  it('takes no other name', () => {
    for (const name of [
      'garnet-light-x-x.css',
      'red-light-x-x-x.css',
      'garnet-light-x-x-x.css}',
      'garnet-light-0A5877-x-x.css',
      '__proto__-light-x-x-x.css',
      'garnet-light-x-x-x.css\n',
    ]) {
      assert.equal(writeColours(name), null, name)
    }
  })

  it('starts from the colours that pages have', async () => {
    for (const [theme, file] of [
      ['light', 'tokens.css'],
      ['dark', 'dark.css'],
    ] as const) {
      const styles = await readFile(`src/browser/styles/${file}`, 'utf8')
      const long = (colour: string) =>
        colour.length === 4 ? colour.replace(/[0-9a-f]/g, '$&$&') : colour
      for (const [part, colour] of Object.entries(PALETTES[theme])) {
        const isAccent = (accents as readonly string[]).includes(part)
        const pattern = isAccent ? `\\.accent-${part} {\\s+--accent: (#\\w+)` : `--${part}: (#\\w+)`
        assert.equal(long(new RegExp(pattern).exec(styles)![1]!), colour, `${theme} ${part}`)
      }
    }
  })
})
