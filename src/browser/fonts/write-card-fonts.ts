import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import subsetFont from 'subset-font'
import { FONTS } from '../../card/draw-text.ts'

const SERIF = '@fontsource-variable/source-serif-4/files/source-serif-4'
const SCRIPTS = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek']
const WEIGHTS = [400, 600]
const OTHERS = [
  'vazirmatn/files/vazirmatn-arabic',
  'noto-sans-georgian/files/noto-sans-georgian-georgian',
]
const OTHER_WEIGHTS = [400, 700]
/** The folder that the file is in, and no folder of the machine's. */
const CONFIGURATION = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">.</dir></fontconfig>
`
/** All that the fonts may have, but for the halves of pairs. */
const EVERY_LETTER = Array.from({ length: 0xfffe }, (_, point) => point)
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point))
  .join('')

/** What cards are written in, as TrueType with one weight each: fontconfig finds it in no other form. */
export async function writeCardFonts(folder: string): Promise<void> {
  const configuration = join(folder, FONTS)
  const into = dirname(configuration)
  await mkdir(into, { recursive: true })
  for (const weight of WEIGHTS) {
    for (const script of SCRIPTS) {
      const cut = await cutFont(`${SERIF}-${script}-wght-normal.woff2`, { wght: weight })
      await writeFile(join(into, `serif-${script}-${weight}.ttf`), cut)
    }
  }
  for (const weight of OTHER_WEIGHTS) {
    for (const name of OTHERS) {
      const cut = await cutFont(`@fontsource/${name}-${weight}-normal.woff2`)
      await writeFile(join(into, `${name.split('/')[0]}-${weight}.ttf`), cut)
    }
  }
  await writeFile(configuration, CONFIGURATION)
}

async function cutFont(file: string, variationAxes: Record<string, number> = {}): Promise<Buffer> {
  const bytes = await readFile(createRequire(import.meta.url).resolve(file))
  return subsetFont(bytes, EVERY_LETTER, { targetFormat: 'truetype', variationAxes })
}
