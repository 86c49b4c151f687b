import { readFile } from 'node:fs/promises'
import { unzipSync } from 'fflate'

/** The files of a ZIP by the path below its one folder, and that folder. */
export async function readZip(path: string) {
  const all = unzipSync(await readFile(path))
  const [folder] = Object.keys(all)[0]!.split('/')
  const files = new Map(
    Object.entries(all).map(([name, bytes]) => [
      name.slice(folder!.length + 1),
      Buffer.from(bytes),
    ]),
  )
  return { folder: folder!, files }
}
