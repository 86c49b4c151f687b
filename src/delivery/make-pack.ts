import type { Db } from '../database.ts'
import type { PublicLog, PublishedLog } from '../log/public-log.ts'
import { canonicalContent } from '../petition/files/petition-text.ts'
import { TAR_END, tarFile } from '../platform/files/tar.ts'
import { writeZip, type ZipFile } from '../platform/files/write-zip.ts'
import { countFiles } from './count-files.ts'
import type { Delivery } from './gather-delivery.ts'
import { writeLetter } from './write-letter.ts'
import { withSums } from './write-manifest.ts'
import { readmeOf } from './write-readme.ts'

export interface PackNeeds {
  publicLog: Pick<PublicLog, 'filesIn' | 'proveTexts'>
}

export interface PackOptions {
  /** The verifier as one file, by its name. */
  verifier: { name: string; bytes: Uint8Array }
}

/**
 * The ZIP that is handed over, as it comes: the log is never in memory as a whole. Nothing in it is for the organisers
 * alone, so that it can be passed on and checked as it is.
 *
 * @param trx of `gatherDelivery`
 */
export function makePack(
  trx: Db,
  needs: PackNeeds,
  delivery: Delivery,
  options: PackOptions,
): AsyncGenerator<Uint8Array> {
  const { made } = delivery
  const files = listFiles(trx, needs, delivery, options)
  return writeZip(withSums(files, { delivery, folder: folderOf(delivery) }), { made })
}

/** Of a ZIP: unpacked beside others it mixes with none. */
export const folderOf = ({ petition, made }: Delivery) =>
  `${petition.slug}-${made.toISOString().slice(0, 10)}`

async function* listFiles(
  trx: Db,
  { publicLog }: PackNeeds,
  delivery: Delivery,
  { verifier }: PackOptions,
): AsyncGenerator<ZipFile> {
  const { petition, log } = delivery
  yield file('README.txt', readmeOf(delivery, verifier.name))
  // Letters first: letters that no font has are known before the long files.
  for (const language of petition.settings.languages) {
    yield {
      ...file(`letter-${language}.pdf`, await writeLetter(delivery, language)),
      isStored: true,
    }
  }
  for (const { path, content } of countFiles(delivery)) yield file(path, content)
  yield file('proof/checkpoint', log.checkpoint)
  yield file('proof/vkey', `${log.vkey}\n`)
  for (const { language, bytes } of await publicLog.proveTexts(trx, log, petition.slug)) {
    const name = language === null ? 'recipients' : `text-${language}`
    yield file(`proof/${name}.tlog-proof`, bytes)
  }
  for (const [language, [text]] of petition.texts) {
    if (!petition.settings.languages.includes(language)) continue
    yield file(`proof/text-${language}.json`, canonicalContent(text!.content))
  }
  yield file(`proof/${verifier.name}`, verifier.bytes)
  yield { path: 'proof/log.tar', content: tarOf(publicLog.filesIn(trx, log), log), isStored: true }
}

const file = (path: string, content: string | Uint8Array): ZipFile => ({ path, content: [content] })

async function* tarOf(files: ReturnType<PublicLog['filesIn']>, { publishedAt }: PublishedLog) {
  for await (const { path, bytes } of files) {
    yield tarFile(`log/${path}`, bytes, { mtime: publishedAt, mode: 0o644 })
  }
  yield TAR_END
}
