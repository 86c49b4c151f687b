import type { Services } from '../../services.ts'
import { checkLog } from '../core/check/check-log.ts'
import { openCheckpoint } from '../core/checkpoint/open-checkpoint.ts'
import { verifyEd25519 } from '../core/note/node-ed25519.ts'
import { keepSigned, readSigned } from '../keeping/kept-checkpoint.ts'
import { createLogWriter, logFolder } from '../key/open-log.ts'
import { LogRefusal } from '../sequencing/log-writer.ts'
import { openPlace, readSource } from '../verify/files/open-place.ts'
import { readAhead } from '../verify/files/read-ahead.ts'
import { explainFaults } from '../verify/verdict/explain-fault.ts'
import { explainShort, type Rebuilt, rebuildLog } from './rebuild-log.ts'

/**
 * Rebuilds the database's log from a copy: DATA_DIR's own, another folder, or a site that mirrors it.
 * The copy is checked whole, and must extend what this node has signed.
 *
 * @throws LogRefusal, VerifyError
 */
export async function rebuildFrom(services: Services, from: string | null): Promise<Rebuilt> {
  const { signer, folder } = await createLogWriter(services)
  const trust = { logKeys: [signer.key], witnessKeys: [], verify: verifyEd25519 }
  const source = await readSource(await openPlace(from ?? logFolder(services.config)))
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
  if (signed && signed.checkpoint.size > checkpoint.size) {
    throw new LogRefusal(explainShort(checkpoint.size, signed.checkpoint.size))
  }
  const report = await checkLog(readAhead(source, checkpoint.size), trust, earlier)
  if (!report.ok) {
    throw new LogRefusal(
      `the copy can't be used: ${explainFaults(report.faults)[0]}; nothing was changed, give another with --from`,
    )
  }
  const rebuilt = await rebuildLog(services, source, { checkpoint, note: source.checkpoint })
  await keepSigned(folder, source.checkpoint)
  return rebuilt
}
