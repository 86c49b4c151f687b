import type { Readable } from 'node:stream'
import type { Transporter } from 'nodemailer'
import { SECOND } from '../clock.ts'
import type { Dialogue, Stage } from './slots.ts'

/** A mail that was taken only after so long hangs all the same. */
const LONG_MS = 30 * SECOND

/** A mail as nodemailer takes it, with the dialogue in which it is sent. */
interface Handed {
  data: { dialogue?: { begin(content: Readable): void } }
  message: { createReadStream(): Readable }
}

/** Lets dialogues know when their connection is ready: nodemailer then opens the content. */
export function watchDialogues(transport: Transporter): void {
  transport.use('stream', (mail, done) => {
    const { data, message } = mail as unknown as Handed
    const open = message.createReadStream.bind(message)
    message.createReadStream = () => {
      const content = open()
      data.dialogue?.begin(content)
      return content
    }
    done()
  })
}

/**
 * One mail's dialogue with the server. The content is read once the server has asked for it, and at once, since it
 * is in memory: from then on nobody but the server knows whether the mail was taken, until it says so.
 *
 * @param now milliseconds that only grow
 */
export function createDialogue(now: () => number) {
  const cutting = new AbortController()
  let begun: number | null = null
  let content: Readable | null = null

  const stage = (): Stage => {
    if (content?.readableDidRead) return 'content'
    return begun === null ? 'connecting' : 'envelope'
  }
  const age = () => (begun === null ? 0 : now() - begun)
  return {
    stage,
    age,
    cut: () => cutting.abort(),
    /** When its connection was ready. */
    begun: () => begun ?? now(),
    isLong: () => age() > LONG_MS,
    wasCut: () => cutting.signal.aborted,
    /** For nodemailer: what the mail's data holds besides. */
    options: {
      signal: cutting.signal,
      dialogue: {
        begin(opened: Readable) {
          begun = now()
          content = opened
        },
      },
    },
  } satisfies Dialogue & Record<string, unknown>
}
