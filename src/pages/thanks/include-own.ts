import type { Counts } from '../../count/counts.ts'
import { petitionPath } from '../../petition/paths.ts'
import { hasGuardedFigures, type Petition } from '../../petition/petition.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { personalCode } from '../../sharing/share-code.ts'

/** As this file writes it: no sign, no zero in front. */
const SEEN = /^[1-9]\d{0,8}$/

/**
 * Where a signer is thanked. Of guarded figures the number that the signer is to see, their own included,
 * comes along in the address as `n`: nothing that is stored ties the share code to the signature, and
 * whichever process answers must know.
 */
export async function thanksPath(
  { counts, keyring }: { counts: Counts; keyring: Keyring },
  petition: Petition,
  language: string,
  signature: { id: string; isInLog?: boolean },
): Promise<string> {
  const code = personalCode(keyring, petition.id, signature.id)
  const path = `${petitionPath(petition.slug)(language)}/thanks?s=${code}`
  if (signature.isInLog || !hasGuardedFigures(petition)) return path
  return `${path}&n=${(await counts.shown(petition.id)).counted + 1}`
}

/**
 * What a signer's thanks page shows of the count at least, from the first moment: the tally, other
 * processes and the batches of the log come later.
 *
 * @param counted the public figure
 * @param seen `n` of the address, as given: whoever writes it by hand gets one more than the public figure
 */
export async function leastForSigner(
  counts: Counts,
  petition: Petition,
  counted: number,
  seen: unknown,
): Promise<number> {
  if (!hasGuardedFigures(petition)) return Math.max(1, await counts.now(petition.id))
  const asked = typeof seen === 'string' && SEEN.test(seen) ? Number(seen) : 1
  return Math.min(asked, counted + 1)
}
