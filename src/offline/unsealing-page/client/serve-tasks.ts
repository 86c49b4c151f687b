import { openBatch } from './open-batch.ts'
import type { Answer, Greeting, Task } from './opener.ts'
import { passesSelfCheck } from './self-check.ts'
import { unlockIdentity } from './unlock-identity.ts'

/** The worker's side: the same script as the page's, started without a document. */
export async function serveTasks(): Promise<void> {
  addEventListener('message', async ({ data }: MessageEvent<Task>) => {
    let answer: Answer
    try {
      answer = { done: await perform(data) }
    } catch (error) {
      answer = { failed: String(error) }
    }
    postMessage(answer)
  })
  const greeting: Greeting = (await passesSelfCheck()) ? 'ready' : 'unfit'
  postMessage(greeting)
}

function perform(data: Task): Promise<unknown> {
  return data.task === 'open'
    ? openBatch(data.batch, () => undefined)
    : unlockIdentity(data.sealed, data.passphrase)
}
