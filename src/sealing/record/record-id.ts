/**
 * What the sealed record, its commitment and the lines of an export call a signature: its id. Signatures of
 * before there were random ones have a number, which their id holds in its last eight bytes. The function
 * record_id of migration 0006 does the same.
 *
 * @param id a uuid in PostgreSQL's spelling
 */
export function recordId(id: string): string {
  const hex = id.replaceAll('-', '')
  return /^0{16}/.test(hex) ? BigInt(`0x${hex}`).toString() : id
}
