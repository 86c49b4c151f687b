import { commitmentPreimage } from '../../../sealing/record/commitment.ts'
import { encodeBase64 } from '../base64.ts'
import { sha256 } from '../sha256.ts'

/** What a signature's entry commits to: parts of its sealed record. */
export type CommittedFields = Parameters<typeof commitmentPreimage>[1]

export const SECRET_BYTES = 32

/**
 * The commitment of a sign entry, in base64. The secret r hides the fields: without it an address
 * can't be tested.
 *
 * @param secret r: 32 random bytes, used for this commitment only
 */
export function commit(secret: Uint8Array, fields: CommittedFields): string {
  return encodeBase64(sha256(commitmentPreimage(secret, fields)))
}
