import { createHash } from 'node:crypto'
import type { ZipFile } from '../platform/files/write-zip.ts'
import type { Delivery } from './gather-delivery.ts'

const FORMAT = 'undersigned-delivery/1'
const MANIFEST = 'manifest.json'
const SUMS = 'SHA256SUMS'

interface Listed {
  path: string
  bytes: number
  sha256: string
}

/**
 * Puts the files into a folder, and behind them what lists them all with their hashes: for people a file that
 * `sha256sum -c` takes, for programs a manifest.
 *
 * @param delivery what the manifest tells beside the files; without it there is none
 */
export async function* withSums(
  files: AsyncIterable<ZipFile>,
  { delivery, folder }: { delivery?: Delivery; folder: string },
): AsyncGenerator<ZipFile> {
  const listed: Listed[] = []
  const within = (file: ZipFile): ZipFile => ({
    ...file,
    path: `${folder}/${file.path}`,
    content: listing(file, listed),
  })
  for await (const file of files) yield within(file)
  if (delivery) {
    const manifest = `${JSON.stringify({ ...describe(delivery), files: [...listed] }, null, 2)}\n`
    yield within({ path: MANIFEST, content: [manifest] })
  }
  yield {
    path: `${folder}/${SUMS}`,
    content: listed.map(({ path, sha256 }) => `${sha256}  ${path}\n`),
  }
}

async function* listing({ path, content }: ZipFile, listed: Listed[]) {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of content) {
    const part = typeof piece === 'string' ? Buffer.from(piece) : piece
    hash.update(part)
    bytes += part.length
    yield part
  }
  listed.push({ path, bytes, sha256: hash.digest('hex') })
}

function describe({ petition, made, certified, log, site }: Delivery) {
  return {
    format: FORMAT,
    petition: petition.slug,
    site,
    made: made.toISOString(),
    certified,
    log: {
      origin: log.origin,
      vkey: log.vkey,
      size: log.size,
      publishedAt: log.publishedAt.toISOString(),
    },
  }
}
