import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { attempt, decodeUtf8, MalformedError } from '../../../log/core/canonical.ts'
import type { LogSource } from '../../../log/core/check-log.ts'
import { parseVkey, UnknownKeyTypeError } from '../../../log/core/note/note-key.ts'
import { safeText } from '../../../platform/terminal/escape-unsafe.ts'
import { VerifyError } from '../verify-error.ts'
import { folderFiles } from './folder-files.ts'
import { getBytes, type HttpOptions, PATIENCE } from './get-bytes.ts'
import { CHECKPOINT_LIMIT, type LogFiles, readTiles, VKEY_LIMIT } from './log-files.ts'

/** A site or a folder that a log is read from. */
export interface Source {
  /** A site's origin, or a folder's path. */
  name: string
  /** Null for a folder. */
  site: string | null
  files: LogFiles
}

/** @param at `https://…`, with or without a path, or a folder. @throws VerifyError */
export async function openSource(
  at: string,
  http: HttpOptions = { signal: new AbortController().signal, patience: PATIENCE },
): Promise<Source> {
  if (/^https?:\/\//i.test(at)) {
    if (!URL.canParse(at))
      throw new VerifyError(`${safeText(at)} is no address: check its spelling`)
    const { origin } = new URL(at)
    return { name: origin, site: origin, files: siteFiles(origin, http) }
  }
  for (const folder of [resolve(at), join(resolve(at), 'log')]) {
    const found = await stat(join(folder, 'checkpoint')).catch(() => null)
    if (found?.isFile()) return { name: folder, site: null, files: folderFiles(folder) }
  }
  throw new VerifyError(
    `${safeText(at)} is no folder with a log's "checkpoint" in it, and no address: an address begins with https://`,
  )
}

/** The log of a site, under `<origin>/log/`. */
function siteFiles(origin: string, http: HttpOptions): LogFiles {
  return { read: (path, limit) => getBytes(new URL(`/log/${path}`, origin), limit, http) }
}

/** @throws VerifyError when there is none */
export async function readCheckpoint({ name, files }: Source): Promise<Uint8Array> {
  const note = await files.read('checkpoint', CHECKPOINT_LIMIT)
  if (note) return note
  throw new VerifyError(
    `${safeText(name)} has no public log (yet): there is no checkpoint; check the address`,
  )
}

/** The keys of its log that a source offers. */
interface OfferedKeys {
  /** Unchecked; none when there is no such file. */
  vkeys: string[]
  /** Of types from after this program, in words. */
  unknown: string[]
}

/** A line a key. @throws VerifyError when the file is no text: it was damaged, or is another */
export async function readVkeys({ name, files }: Source): Promise<OfferedKeys> {
  const bytes = await files.read('vkey', VKEY_LIMIT)
  const text = attempt(() => decodeUtf8(bytes ?? new Uint8Array()))
  if (text instanceof MalformedError) {
    throw new VerifyError(
      `the file "vkey" of ${safeText(name)} is not UTF-8: it is damaged, or was saved in another encoding; get the log's key again, and save it as UTF-8`,
    )
  }
  const lines = text.split('\n').map((line) => line.trim())
  const offered: OfferedKeys = { vkeys: [], unknown: [] }
  for (const vkey of lines.filter((line) => line !== '')) {
    const key = attempt(() => parseVkey(vkey))
    if (key instanceof UnknownKeyTypeError) offered.unknown.push(key.message)
    else offered.vkeys.push(vkey)
  }
  return offered
}

/** The log as it is served now, for reading tile by tile; nothing of it is verified yet. */
export async function readLogSource(source: Source): Promise<LogSource> {
  return { checkpoint: await readCheckpoint(source), ...readTiles(source.files) }
}
