import { openBatch } from './open-batch.ts'
import { EndedError, type Opener } from './opener.ts'
import { unlockIdentity } from './unlock-identity.ts'

/** After this long the page gets its turn: it scrolls, counts on and hears Cancel. */
const SLICE_MS = 40

/** The same work on the page's own thread. */
export function openInSlices(): Opener {
  let ended = false
  let sliceStart = performance.now()

  async function breathe(): Promise<void> {
    if (performance.now() - sliceStart > SLICE_MS) {
      await nextTurn()
      sliceStart = performance.now()
    }
    if (ended) throw new EndedError()
  }

  return {
    open: (batch) => openBatch(batch, breathe),
    async unlock(sealed, passphrase) {
      await nextTurn()
      const key = await unlockIdentity(sealed, passphrase)
      if (ended) throw new EndedError()
      return key
    },
    end() {
      ended = true
    },
  }
}

/** Not by a timer: those of a page in the background come once a second. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
