import { decodeBase64 } from '../../../platform/bytes.ts'
import { openSealed } from '../../../sealing/age/open-sealed.ts'
import { openBatch } from './open-batch.ts'
import type { Answer, Greeting, Task } from './opener.ts'
import { unlockIdentity } from './read-identity.ts'

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

/** A key made for this check alone, and `undersigned` sealed to it. */
const IDENTITY = 'AGE-SECRET-KEY-1J5X4LZ8NR9A20FN9JZ97903MUF57F4ZW64S30LARM2JC8W5HFADQQ9UUL3'
const SEALED =
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBvTTFQejRNaFVmV05SS24vTDBoN3lTVjVlelJVS3lFcHB5bTZuaVN0' +
  'WFVNCkZZOXlPR2tGRWUrZFlQclFQV29wMURuL1VLcTkwbkkxRVd3ZmdPWnBZR0UKLS0tIDlHckRlc1cvODdLUnU0TjVFNFQx' +
  'VzNMUmdBeEUxU3J3b2dGRmpHQ1VTM1UKcET+pkgC5BRd3LNOHaLgT4/jk8vkpnE4bLyiKjR/x6n/ni5lKbPrkwPCvg=='
const MESSAGE = 'undersigned'

/**
 * True where age files can be opened. A browser that lacks a piece of the cryptography would
 * otherwise make every record look damaged.
 */
export async function passesSelfCheck(): Promise<boolean> {
  if (!globalThis.crypto?.subtle) return false
  try {
    const opened = await openSealed([IDENTITY], decodeBase64(SEALED)!)
    return new TextDecoder().decode(opened ?? undefined) === MESSAGE
  } catch {
    return false
  }
}
