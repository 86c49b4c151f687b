/**
 * Accent colours a petition may choose. Each is defined once for light and once for dark in
 * src/browser/styles/, where every pair was checked at 4.5:1 or better; a free colour value would
 * need an inline style, which the Content-Security-Policy forbids.
 */
export const accents = ['garnet', 'sea', 'pine', 'plum', 'ochre'] as const
export type Accent = (typeof accents)[number]
