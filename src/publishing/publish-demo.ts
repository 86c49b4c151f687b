import { fileURLToPath } from 'node:url'
import type { Services } from '../services.ts'
import { publishFolder } from './publish-folder.ts'

export const DEMO = fileURLToPath(new URL('./demo', import.meta.url))

/** The first campaign, as the petition that every newcomer sees; publishing it again changes nothing. */
export async function publishDemo(services: Services): Promise<void> {
  await publishFolder(services, DEMO, { isDemo: true })
}
