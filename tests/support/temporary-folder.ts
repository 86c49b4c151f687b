import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders: string[] = []

process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** A new folder, removed when the process ends: each test file runs in one of its own. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'undersigned-test-'))
  folders.push(folder)
  return folder
}
