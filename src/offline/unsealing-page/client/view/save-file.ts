import { make } from './elements.ts'

/** Time for the browser to take the file over. */
const KEEP_MS = 60_000

let address: string | null = null

/** Hands a file to the browser, which saves it where it saves downloads. One at a time. */
export function saveFile(content: Blob, name: string): void {
  releaseFile()
  const mine = URL.createObjectURL(content)
  address = mine
  make('a', { href: mine, download: name }).click()
  setTimeout(() => mine === address && releaseFile(), KEEP_MS)
}

export function releaseFile(): void {
  if (address) URL.revokeObjectURL(address)
  address = null
}
