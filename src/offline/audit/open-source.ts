import type { LogSource } from '../../log/core/check/check-log.ts'
import { openPlace, readSource, readVkeys } from '../verify/files/open-place.ts'
import { safeText } from '../verify/safe-text.ts'
import { AuditError } from './audit-error.ts'

/** Opens a log by a site's address or a folder. Nothing of it is verified yet. @throws VerifyError */
export type OpenSource = (at: string) => Promise<{ source: LogSource; vkey: string }>

/** The log as it is served now, or as a copy holds it. */
export const openSource: OpenSource = async (at) => {
  const place = await openPlace(at)
  const { vkeys, unknown } = await readVkeys(place)
  for (const key of unknown)
    console.error(`Warning: a key of the log is passed over: ${safeText(key)}.`)
  const [vkey] = vkeys
  if (!vkey) throw new AuditError(`${place.name} hands out no key of its log: check the address`)
  return { source: await readSource(place), vkey }
}
