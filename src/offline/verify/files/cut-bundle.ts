/** The first `width` entries of a bundle; what can't be cut stays as it is, for the check to refuse. */
export function cutBundle(bundle: Uint8Array, width: number): Uint8Array {
  let at = 0
  for (let entry = 0; entry < width; entry++) {
    if (at + 2 > bundle.length) return bundle
    at += 2 + ((bundle[at]! << 8) | bundle[at + 1]!)
  }
  return bundle.subarray(0, at)
}
