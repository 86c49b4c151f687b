import { checkNatural, encodeUtf8 } from '../../log/core/canonical.ts'
import { withoutExtensions } from '../../log/core/note/checkpoint.ts'
import { concatBytes } from '../../platform/bytes.ts'
import { sha256 } from '../../platform/sha256.ts'

const LABEL = 'undersigned/audit/v1\0'
const NUMBERS = 2n ** 64n

/**
 * Draws k distinct of `among`, so that anyone gets the same from the same checkpoint and random
 * value. In any language:
 *
 * 1. seed = SHA-256(label ‖ checkpoint ‖ random). The label is `undersigned/audit/v1` and a zero
 *    byte; the checkpoint its first three lines, each with its newline, without signatures; random
 *    the UTF-8 bytes of the value as it was announced.
 * 2. For i = 0, 1, 2, …: x = the first 8 bytes of SHA-256(seed ‖ i as big-endian uint64), read as
 *    big-endian uint64.
 * 3. n = how many there are to draw from. x is passed over when x ≥ 2^64 − (2^64 mod n), which would
 *    favour the first few; else the draw is number x mod n, from 0, in ascending order of index. One
 *    that was drawn before is passed over too.
 * 4. Until k are drawn. The order of drawing is kept.
 *
 * The random value must become known only after the checkpoint is published and nobody may choose
 * it: somebody who could would try values until the draw pleases.
 *
 * @throws MalformedError when the checkpoint's text is none; RangeError when k is too many.
 * @param among indexes in ascending order, as listCounted gives a petition's; or a number: all below
 */
export function drawIndexes(
  checkpointText: string,
  random: string,
  k: number,
  among: ArrayLike<number> | number,
): number[] {
  // Further lines say nothing of the log: its operator could try some until the draw pleases.
  const checkpoint = withoutExtensions(checkpointText)
  const n = typeof among === 'number' ? checkNatural(among) : among.length
  if (checkNatural(k) > n) throw new RangeError(`${k} can't be drawn from ${n}`)
  const seed = sha256(concatBytes(encodeUtf8(LABEL), encodeUtf8(checkpoint), encodeUtf8(random)))
  const drawn = new Set<number>()
  for (let i = 0n; drawn.size < k; i++) {
    const position = positionFrom(numberAt(seed, i), BigInt(n))
    if (position !== null) drawn.add(position)
  }
  return [...drawn].map((position) => (typeof among === 'number' ? position : among[position]!))
}

function positionFrom(x: bigint, n: bigint): number | null {
  return x < NUMBERS - (NUMBERS % n) ? Number(x % n) : null
}

function numberAt(seed: Uint8Array, i: bigint): bigint {
  const counter = new Uint8Array(8)
  new DataView(counter.buffer).setBigUint64(0, i)
  const block = sha256(concatBytes(seed, counter))
  return new DataView(block.buffer, block.byteOffset).getBigUint64(0)
}
