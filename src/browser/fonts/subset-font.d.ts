/** The package brings no types; these are of what is used here. */
declare module 'subset-font' {
  export default function subsetFont(
    font: Buffer,
    letters: string,
    options: {
      targetFormat: 'woff2' | 'truetype'
      keepFeatures?: string[]
      dropTables?: string[]
      noHinting?: boolean
      variationAxes: Record<string, number | { min: number; max: number; default: number }>
    },
  ): Promise<Buffer>
}
