import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Plugin } from 'esbuild'
import subsetFont from 'subset-font'
import { type Part, parts } from './choose-letters.ts'

/** The letters that pages need, cut out of two fonts that come from npm; docs/decisions has why these two. */

const FONTS = {
  serif: '@fontsource-variable/source-serif-4/files/source-serif-4',
  sans: '@fontsource-variable/source-sans-3/files/source-sans-3',
}

/** Marks, a language's own forms of letters, figures of one width. */
const FEATURES = ['locl', 'ccmp', 'mark', 'mkmk', 'tnum']
/** Browsers do without. */
const TABLES = ['HVAR', 'MVAR', 'STAT']
const WEIGHTS = { min: 400, max: 600, default: 400 }

/** `@import "fonts:all"` becomes the rules of all files; each file is what its `url("font:…")` names. */
export const fontsPlugin: Plugin = {
  name: 'fonts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^fonts?:/ }, ({ path }) => ({ path, namespace: 'fonts' }))
    onLoad({ filter: /^fonts:all$/, namespace: 'fonts' }, () => ({
      contents: Object.entries(parts).flatMap(writeFaces).join('\n'),
      loader: 'css',
    }))
    onLoad({ filter: /^font:/, namespace: 'fonts' }, async ({ path }) => {
      const [, part, style] = path.replace('.woff2', '').split(':')
      return { contents: await cut(parts[part!]!, style!), loader: 'file' }
    })
  },
}

/** The italic has one weight: a browser loads it where a text has emphasis, and for the name on the page that confirms. */
function writeFaces([name, { font, family, letters, weight }]: [string, Part]): string[] {
  const styles = font === 'serif' && weight === null ? ['normal', 'italic'] : ['normal']
  return styles.map(
    (style) => `@font-face {
  font-family: "${family}";
  font-style: ${style};
  font-weight: ${weight ?? (style === 'italic' ? '400' : `${WEIGHTS.min} ${WEIGHTS.max}`)};
  font-display: swap;
  src: url("font:${name}:${style}.woff2") format("woff2");
  unicode-range: ${writeRange(letters)};
}`,
  )
}

async function cut({ font, from, letters, weight, kerned }: Part, style: string): Promise<Buffer> {
  const file = `${FONTS[font]}-${from}-wght-${style}.woff2`
  const bytes = await readFile(createRequire(import.meta.url).resolve(file))
  return subsetFont(bytes, letters.join(''), {
    targetFormat: 'woff2',
    keepFeatures: kerned ? [...FEATURES, 'kern'] : FEATURES,
    dropTables: TABLES,
    noHinting: true,
    variationAxes: { wght: style === 'italic' ? WEIGHTS.min : (weight ?? WEIGHTS) },
  })
}

function writeRange(letters: string[]): string {
  const points = letters.map((letter) => letter.codePointAt(0)!).sort((a, b) => a - b)
  const ranges: [number, number][] = []
  for (const point of points) {
    const last = ranges.at(-1)
    if (last && point <= last[1] + 1) last[1] = point
    else ranges.push([point, point])
  }
  const hex = (point: number) => point.toString(16)
  return ranges
    .map(([first, last]) => `U+${hex(first)}${last > first ? `-${hex(last)}` : ''}`)
    .join(', ')
}
