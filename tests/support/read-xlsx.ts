import { inflateRawSync } from 'node:zlib'

export interface XlsxCell {
  /** `s` is text, null a number. */
  type: 's' | null
  value: string
  /** Of a number: the format that it is shown in, null for none of its own. */
  format?: string | null
}

/** The cells of a sheet, row by row, as they stand in the file. @param number of the sheet, from 1 */
export function readXlsx(file: Buffer, number = 1): XlsxCell[][] {
  const files = unzip(file)
  const texts = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<t[^>]*>([\s\S]*?)<\/t>/g)]
  const formats = readFormats(files.get('xl/styles.xml')!)
  const sheet = files.get(`xl/worksheets/sheet${number}.xml`)!
  return [...sheet.matchAll(/<row [^>]*>([\s\S]*?)<\/row>/g)].map(([, row]) =>
    [...row!.matchAll(/<c ([^>]*)>([\s\S]*?)<\/c>/g)].map(([, attributes, content]) => {
      if (content!.includes('<f')) throw new Error(`a formula: ${content}`)
      const inline = /<is><t[^>]*>([\s\S]*?)<\/t><\/is>/.exec(content!)
      if (inline) return { type: 's', value: unescapeXml(inline[1]!) }
      const value = /<v>([\s\S]*?)<\/v>/.exec(content!)![1]!
      return / t="s"/.test(` ${attributes}`)
        ? { type: 's', value: unescapeXml(texts[Number(value)]![1]!) }
        : {
            type: null,
            value,
            format: formats[Number(/ s="(\d+)"/.exec(` ${attributes}`)?.[1] ?? 0)]!,
          }
    }),
  )
}

/** By the number of a cell's style. */
function readFormats(styles: string): (string | null)[] {
  const codes = new Map(
    [...styles.matchAll(/<numFmt numFmtId="(\d+)" formatCode="([^"]*)"/g)].map(([, id, code]) => [
      id!,
      unescapeXml(code!),
    ]),
  )
  const uses = /<cellXfs[^>]*>([\s\S]*?)<\/cellXfs>/.exec(styles)![1]!
  return [...uses.matchAll(/numFmtId="(\d+)"/g)].map(([, id]) => codes.get(id!) ?? null)
}

/** A ZIP's text files by name, found through its central directory (APPNOTE.TXT, 4.3.12). */
function unzip(file: Buffer): Map<string, string> {
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const files = new Map<string, string>()
  let at = file.readUInt32LE(end + 16)
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    const size = file.readUInt32LE(at + 20)
    const nameLength = file.readUInt16LE(at + 28)
    const local = file.readUInt32LE(at + 42)
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
    const name = file.toString('utf8', at + 46, at + 46 + nameLength)
    files.set(name, inflateRawSync(file.subarray(start, start + size)).toString('utf8'))
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return files
}

const unescapeXml = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
