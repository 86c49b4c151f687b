import { createHash } from 'node:crypto'
import type { SignatureToConfirm } from './confirmation.queries.ts'

/**
 * Stands for what the confirmation page shows. Somebody else may enter the same address between the
 * page and the press of the button; then what is confirmed must not be what they wrote. Details are
 * encrypted anew at every submission, so their bytes tell a change without being read.
 */
export function shownDigest(signature: SignatureToConfirm): string {
  const { display, updates, country, text_version } = signature
  return createHash('sha256')
    .update(signature.details ?? '')
    .update(JSON.stringify([display, updates, country, text_version]))
    .digest('base64url')
    .slice(0, 22)
}
