import type { Browser } from 'playwright-core'

/** Short against everything that a person waits for. */
const PERIOD_MS = 24
/** Another site's page has a process of its own, which begins meanwhile. */
const LOOK_EVERY_MS = 100

/**
 * Lets the processes of pages run for one period in so many, as a slower processor would. Chromium's own
 * `Emulation.setCPUThrottlingRate` slows the page's thread alone, and no worker, where a proof is solved.
 *
 * @returns ends it
 */
export async function slowDown(browser: Browser, times: number): Promise<() => void> {
  const session = await browser.newBrowserCDPSession()
  let pages: number[] = []
  let ended = false

  async function look(): Promise<void> {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  }

  async function keepLooking(): Promise<void> {
    while (!ended) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
    await session.detach()
  }

  function signal(pids: number[], which: NodeJS.Signals): void {
    for (const pid of pids) {
      try {
        process.kill(pid, which)
      } catch {
        // Its page was closed.
      }
    }
  }

  function run(): void {
    if (ended) return
    const begun = performance.now()
    setTimeout(() => {
      if (ended) return
      const stopped = pages
      signal(stopped, 'SIGSTOP')
      const rest = (performance.now() - begun) * (times - 1)
      setTimeout(() => {
        signal(stopped, 'SIGCONT')
        run()
      }, rest)
    }, PERIOD_MS)
  }

  await look()
  // A browser that was closed meanwhile has nothing to slow down.
  void keepLooking().catch(() => {})
  run()
  return () => {
    ended = true
  }
}
