import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import type { Moderated } from '../store/shown.ts'

/**
 * The address of a name or comment for those who report it: one text of one signature, without telling whose. Another
 * text of the same signature has another mark, so that nobody learns from marks that both are of one signer, and a
 * report of a text that was replaced meanwhile meets none.
 */
const MARK = /^[\w-]{32}$/
const BLOCK = 'aes-256-ecb'
const TAG_BYTES = 8

/** @param id the signature's, a UUID */
export function writeEntryMark(
  key: Buffer,
  moderated: Moderated,
  id: string,
  text: string,
): string {
  const tag = tagOf(key, moderated, id, text)
  const cipher = createCipheriv(BLOCK, key, null).setAutoPadding(false)
  const block = mix(Buffer.from(id.replaceAll('-', ''), 'hex'), tag)
  return Buffer.concat([tag, cipher.update(block), cipher.final()]).toString('base64url')
}

/** The id that a mark seems to name: whether the mark is ours, `fits` tells, with the text. */
export function readEntryMark(key: Buffer, mark: string): string | null {
  if (!MARK.test(mark)) return null
  const bytes = Buffer.from(mark, 'base64url')
  const decipher = createDecipheriv(BLOCK, key, null).setAutoPadding(false)
  const block = Buffer.concat([decipher.update(bytes.subarray(TAG_BYTES)), decipher.final()])
  const hex = mix(block, bytes.subarray(0, TAG_BYTES)).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export function fits(
  key: Buffer,
  mark: string,
  { moderated, id, text }: { moderated: Moderated; id: string; text: string },
): boolean {
  const tag = Buffer.from(mark, 'base64url').subarray(0, TAG_BYTES)
  return timingSafeEqual(tag, tagOf(key, moderated, id, text))
}

const tagOf = (key: Buffer, moderated: Moderated, id: string, text: string) =>
  createHmac('sha256', key).update(`${moderated} ${id} ${text}`).digest().subarray(0, TAG_BYTES)

const mix = (block: Buffer, tag: Buffer) =>
  Buffer.from(block.map((byte, at) => byte ^ tag[at % TAG_BYTES]!))
