import type { NoteKey } from '../../log/core/note/note-key.ts'
import type { Progress } from '../../platform/terminal/show-progress.ts'
import { keepHashes } from './kept-hashes.ts'
import { keepLog, makeStateFolder, pathsOf, readKeptLogs } from './kept-log.ts'
import type { HttpOptions } from './source/get-bytes.ts'
import { readTiles } from './source/log-files.ts'
import { openSource } from './source/open-source.ts'
import { forgetCopy, noteText, verifyLog } from './verify-log.ts'
import { judge, type Verdict } from './write-verdict.ts'

export interface RunOptions {
  stateFolder: string
  /** Where the copy of a site's log is to stay; null: it goes after a good verdict. */
  keep: string | null
  /** Whether everything is downloaded again. */
  fresh: boolean
  vkey: string | null
  witnesses: NoteKey[]
  http: HttpOptions
  beginProgress(entries: number): Progress
}

/**
 * Verifies a site's or a folder's log against the state that an earlier run has kept. After a good verdict
 * the new checkpoint is kept, and its entries' hashes; after a bad one these stay as they are, and so does
 * the download, as evidence.
 *
 * @throws VerifyError when there is nothing to judge
 */
export async function runVerify(
  at: string,
  options: RunOptions,
): Promise<{ verdict: Verdict; evidence: string | null }> {
  const { http, stateFolder, vkey, witnesses } = options
  const { name, site } = await openSource(at, http)
  await makeStateFolder(stateFolder)
  const { file, hashes, copy } = pathsOf(stateFolder, name)
  const all = await readKeptLogs(stateFolder)
  const kept = all.find((each) => each.source === name) ?? null
  const others = all.filter((each) => each !== kept)
  const copyTo = site ? (options.keep ?? copy) : null
  if (options.fresh && copyTo) await forgetCopy(copyTo)
  let progress: Progress | null = null
  let reported = 0
  const onFile = (entries: number, size: number) => {
    progress ??= options.beginProgress(size)
    progress.add(entries - reported)
    reported = entries
  }
  const log = await verifyLog(at, { vkey, witnesses, kept, others, copyTo, http, onFile }).finally(
    () => progress?.end(),
  )
  const evidence = [...log.promised.map((each) => each.file), copyTo ?? name]
  const verdict = judge(log, { witnesses, kept, evidence })
  if (!verdict.ok) {
    if (verdict.verdict !== 'rolled-back') return { verdict, evidence: copyTo }
    // The beginning of the verified log proves nothing; its files would be in the next copy's way.
    if (copyTo && !options.keep) await forgetCopy(copyTo)
    return { verdict, evidence: null }
  }
  const { getTile } = log.copy ?? readTiles(log.source.files)
  // Before the checkpoint: a crash in between leaves hashes of a log that extends the kept one.
  await keepHashes(hashes, verdict.size!, getTile)
  const note = noteText(log.note)
  await keepLog({ source: name, vkey: log.vkey, note, verifiedAt: new Date(), file })
  if (copyTo && !options.keep) await forgetCopy(copyTo)
  return { verdict, evidence: null }
}
