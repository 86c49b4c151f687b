/** One width of a picture, as names of files. */
export interface PictureSize {
  width: number
  height: number
  avif: string
  webp: string
  jpg: string
}

/** A picture of a petition's folder, encoded anew. */
export interface Picture {
  /** Rising widths; one at least. */
  sizes: PictureSize[]
}

/** Half of it is a wide screen's column, on screens with two dots a pixel; a link's preview is as wide. */
const WIDE_ENOUGH = 1200

/** A sentence for whoever published it; null for one that is wide enough. */
export function tellSmall(name: string, { sizes }: Picture): string | null {
  const { width, height } = sizes.at(-1)!
  if (width >= WIDE_ENOUGH) return null
  return `${name} has only ${width} × ${height} pixels, and looks blurred on large screens: take one at least ${WIDE_ENOUGH.toLocaleString('en')} wide if you have it`
}
