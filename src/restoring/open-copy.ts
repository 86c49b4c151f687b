import { dirname } from 'node:path'
import { checkLog, type LogSource } from '../log/core/check-log.ts'
import type { Checkpoint } from '../log/core/note/checkpoint.ts'
import { verifyEd25519 } from '../log/core/note/node-ed25519.ts'
import type { NoteKey } from '../log/core/note/note-key.ts'
import { openCheckpoint } from '../log/core/note/open-checkpoint.ts'
import { readSigned, tagsFile } from '../log/log-folder.ts'
import { LogRefusal } from '../log/sequencing/log-writer.ts'
import { explainFaults } from '../offline/verify/name-faults.ts'
import { readAhead } from '../offline/verify/source/log-files.ts'
import { openSource, readLogSource } from '../offline/verify/source/open-source.ts'
import { howMany } from '../platform/terminal/how-many.ts'

/** A copy of the log that was checked whole. */
export interface LogCopy {
  source: Pick<LogSource, 'checkpoint' | 'getBundle'>
  checkpoint: Checkpoint
  /** The mailbox tags of its entries, where the copy lies in a worker's DATA_DIR; the file need not exist. */
  tagsFile: string | null
}

/**
 * Opens a copy of the log, checks it whole, and that it extends what this machine has signed. Changes nothing.
 *
 * @param from a site's address or a folder: of the log, or a DATA_DIR
 * @param log `key` that it is signed with; `folder` where this machine keeps the log; `least` entries that it must have
 * @throws LogRefusal, VerifyError
 */
export async function openCopy(
  from: string,
  { key, folder, least = 0 }: { key: NoteKey; folder: string; least?: number },
): Promise<LogCopy> {
  const trust = { logKeys: [key], witnessKeys: [], verify: verifyEd25519 }
  const place = await openSource(from)
  const source = await readLogSource(place)
  const opened = await openCheckpoint(source.checkpoint, trust)
  if (!opened.ok) {
    throw new LogRefusal(
      `the copy's checkpoint is not signed by this log's key (${opened.problem}): nothing was changed`,
    )
  }
  const kept = await readSigned(folder)
  const signed = kept && (await openCheckpoint(kept.note, trust))
  if (signed && !signed.ok) {
    throw new LogRefusal(`${kept!.path} is no checkpoint of this log: check LOG_KEY and DATA_DIR`)
  }
  const earlier = signed ? [signed.checkpoint] : []
  const { checkpoint } = opened
  const known = Math.max(least, signed?.checkpoint.size ?? 0)
  if (known > checkpoint.size) throw new LogRefusal(explainShort(checkpoint.size, known))
  const report = await checkLog(readAhead(source, checkpoint.size), trust, earlier)
  if (!report.ok) {
    throw new LogRefusal(
      `the copy can't be used: ${explainFaults(report.faults)[0]}; nothing was changed, give another copy`,
    )
  }
  const beside = place.site === null ? tagsFile({ dataDir: dirname(place.name) }) : null
  return { source, checkpoint, tagsFile: beside }
}

export function explainShort(size: number, signed: number): string {
  return `the copy has ${howMany(size, 'entry', 'entries')}, and ${howMany(signed, 'was', 'were')} signed: it is older than the log, and nothing was changed; give a newer copy, such as one that somebody keeps with "undersigned verify --keep"`
}
