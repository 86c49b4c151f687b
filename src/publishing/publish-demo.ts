import { fileURLToPath } from 'node:url'
import { type PublishingNeeds, publishFolder } from './publish-folder.ts'

export const DEMO = fileURLToPath(new URL('./demo', import.meta.url))

/** The first campaign, as the petition that every newcomer sees; publishing it again changes nothing. */
export async function publishDemo(needs: PublishingNeeds): Promise<void> {
  await publishFolder(needs, DEMO, { isDemo: true })
}
