import { rm } from 'node:fs/promises'
import type { OpenSite } from '../../src/site.ts'

/** What a bench leaves: root's database lies elsewhere, gigabytes that nobody would look for. */
export async function removeData(dataDir: string, { staged }: OpenSite): Promise<void> {
  if (staged) await rm(staged.data, { recursive: true, force: true })
  await rm(dataDir, { recursive: true, force: true })
}
