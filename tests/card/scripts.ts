import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { type CardContent, drawCard } from '../../src/card/draw-card.ts'

const SIZE = { width: 600, height: 315 }

/** A card in each script, with the letters that fonts of a neighbour's language lack. */
export const CARDS: Record<string, Pick<CardContent, 'slogan' | 'organisers' | 'direction'>> = {
  latin: {
    slogan: 'Siyasi məhbussuz Azərbaycan! Ə Ğğ İı Şş Çç Öö Üü – “No” & <yes>',
    organisers: 'Azərbaycan Siyasi Mühacirlərinin Koordinasiya Mərkəzi',
    direction: 'ltr',
  },
  cyrillic: {
    slogan: 'Азербайджан без политзаключённых! Ўў Іі Ёё Ґґ Її Єє',
    organisers: 'Каардынацыйны цэнтр азербайджанскіх палітэмігрантаў',
    direction: 'ltr',
  },
  arabic: {
    slogan: 'آذربایجان بدون زندانی سیاسی! Aliyev در COP-29 (۲۰۲۴)',
    organisers:
      'مرکز هماهنگی مهاجران سیاسی آذربایجان، مؤسسهٔ صلح و دموکراسی، انجمن دوستان زندانیان سیاسی در اروپا',
    direction: 'rtl',
  },
  georgian: {
    slogan: 'აზერბაიჯანი პოლიტპატიმრების გარეშე!',
    organisers:
      'აზერბაიჯანელ პოლიტემიგრანტთა საკოორდინაციო ცენტრი, მშვიდობისა და დემოკრატიის ინსტიტუტი',
    direction: 'ltr',
  },
}

/** Looked at by a person when it was written: see write-references.ts. */
export const referenceOf = (script: string) => join('tests/card/pictures', `${script}.png`)

/** Half as large and grey: enough to tell letters apart. */
export async function drawSmall(
  content: Partial<CardContent> & Pick<CardContent, 'slogan'>,
): Promise<Buffer> {
  const png = await drawCard('card', {
    ...{ organisers: '', figure: '12,000+', label: 'Signed so far', host: 'petitions.test' },
    ...{ direction: 'ltr', accent: '#8d1c31', picture: null },
    ...content,
  })
  return sharp(png).resize(SIZE).toColourspace('b-w').png({ compressionLevel: 9 }).toBuffer()
}

/** Of all pixels, those whose grey differs by more than half of the way from paper to ink. */
export async function differs(a: Buffer, b: Buffer): Promise<number> {
  const [one, other] = await Promise.all(
    [a, b].map((png) => sharp(png).greyscale().raw().toBuffer()),
  )
  let different = 0
  for (let at = 0; at < one!.length; at++) if (Math.abs(one![at]! - other![at]!) > 110) different++
  return different / one!.length
}

export const readReference = (script: string) => readFile(referenceOf(script))
