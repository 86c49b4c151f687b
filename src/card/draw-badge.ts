import { createHash } from 'node:crypto'
import { escapeXml } from '../platform/escape-xml.ts'
import { isRightToLeft } from '../platform/i18n/direction.ts'
import { accentOf, accentOnDark } from './accents.ts'
import type { CountWords } from './count-words.ts'

export interface BadgeContent extends CountWords {
  /** Of a petition's settings. */
  accent: string
  language: string
}

const HEIGHT = 28
const SIZE = 13
const PADDING = 10
const FAMILIES = 'system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif'

/**
 * A petition's count as a small SVG that other sites show as a picture: without a script, and dark where the reader's
 * screen is.
 *
 * @returns it with the policy that lets its own style through, should it be opened by itself
 */
export function drawBadge(content: BadgeContent): { svg: string; policy: string } {
  const { figure, label, language } = content
  const parts = [
    { text: label, name: 'label' },
    ...(figure ? [{ text: figure, name: 'figure' }] : []),
  ].map((part) => ({ ...part, width: widthOf(part.text) + 2 * PADDING }))
  const width = parts.reduce((sum, part) => sum + part.width, 0)
  const isRtl = isRightToLeft(language)
  let left = 0
  const drawn = (isRtl ? [...parts].reverse() : parts).map((part) => {
    const at = left
    left += part.width
    return `<rect class="${part.name}" x="${at}" width="${part.width}" height="${HEIGHT}"/>
<text class="on-${part.name}" x="${at + part.width / 2}" y="18.5">${escapeXml(part.text)}</text>
`
  })
  const said = escapeXml(figure ? `${label}: ${figure}` : label)
  const style = styleOf(content.accent)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xml:lang="${language}" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" direction="${isRtl ? 'rtl' : 'ltr'}" role="img" aria-label="${said}">
<title>${said}</title>
<style>${style}</style>
<clipPath id="shape"><rect width="${width}" height="${HEIGHT}" rx="4"/></clipPath>
<g clip-path="url(#shape)" text-anchor="middle">
${drawn.join('')}</g>
</svg>
`
  const digest = createHash('sha256').update(style).digest('base64')
  return { svg, policy: `default-src 'none'; style-src 'sha256-${digest}'` }
}

/** Each pair of text and ground has a contrast of 6.8:1 or more. */
const styleOf = (accent: string) => `
text{font:600 ${SIZE}px ${FAMILIES}}
.label{fill:#171a21}.on-label{fill:#fff}
.figure{fill:${accentOf(accent)}}.on-figure{fill:#fff}
@media (prefers-color-scheme:dark){
.label{fill:#363941}.on-label{fill:#ecebe5}
.figure{fill:${accentOnDark(accent)}}.on-figure{fill:#13151a}
}
`

/** Which font a reader has is not known here: a little more than the widest of FAMILIES takes. */
function widthOf(text: string): number {
  const ems = [...text].reduce((sum, letter) => sum + emsOf(letter), 0)
  return Math.ceil(ems * SIZE)
}

function emsOf(letter: string): number {
  if (/\p{M}/u.test(letter)) return 0
  if (/[\s.,:;!'’|iljtfrIіїј]/u.test(letter)) return 0.42
  if (/[mwMWжшщюфмыЖШЩЮФМЫ@]/u.test(letter)) return 0.98
  if (/\p{Lu}/u.test(letter)) return 0.78
  return 0.66
}
