const LOOK_EVERY_MS = 500

/**
 * Resolves when a signal asks the program to stop, or when the shell that npm started it with is gone. npm
 * passes SIGTERM to that shell alone; dash, for one, dies of it and would leave us running with nobody to
 * stop us.
 */
export function untilAskedToStop({ runByNpm }: { runByNpm: boolean }): Promise<void> {
  return new Promise((resolve) => {
    // Not `once`: a second signal, from the terminal and from npm, must not cut the stop short.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve())
    }
    if (!runByNpm) return
    const parent = process.ppid
    const looking = setInterval(() => {
      if (isParent(parent)) return
      clearInterval(looking)
      resolve()
    }, LOOK_EVERY_MS)
    looking.unref()
  })
}

/** On Unix an orphan gets another parent; on Windows it keeps the pid of the dead one. */
function isParent(pid: number): boolean {
  if (process.platform !== 'win32') return process.ppid === pid
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Runs work that ends early and in order, its temporary file removed, when a signal asks for it.
 * The handlers stay until then: from the terminal and from npm a signal may come twice.
 */
export async function stopWhenAsked<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const controller = new AbortController()
  const stop = () => controller.abort()
  for (const signal of signals) process.on(signal, stop)
  try {
    return await work(controller.signal)
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}
