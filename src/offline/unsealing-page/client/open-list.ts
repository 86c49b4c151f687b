import { AGE_START, openSealed } from '../../../sealing/age/open-sealed.ts'

/** Whether the file is sealed whole, as "undersigned subscriber export" writes it. */
export async function isSealedList(file: Blob): Promise<boolean> {
  return (await file.slice(0, AGE_START.length).text()) === AGE_START
}

/** Null when none of the keys fits, 'damaged' when its bytes were changed. */
export async function openList(
  file: Blob,
  identities: string[],
): Promise<Uint8Array | 'damaged' | null> {
  const sealed = new Uint8Array(await file.arrayBuffer())
  try {
    return await openSealed(identities, sealed)
  } catch {
    return 'damaged'
  }
}
