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
