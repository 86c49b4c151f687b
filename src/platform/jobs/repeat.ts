/**
 * Runs `work` over and over with a pause in between, never twice at once; work that returns 'more' runs
 * again without a pause. After a failure it goes on.
 */
export function repeat(options: {
  every: number
  work: () => Promise<unknown>
  onError: (error: unknown) => void
}): { stop(): Promise<void> } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  function schedule(pause: number) {
    if (stopped) return
    timer = setTimeout(() => {
      running = options
        .work()
        .catch((error: unknown) => options.onError(error))
        .then((outcome) => schedule(outcome === 'more' ? 0 : options.every))
    }, pause)
  }

  schedule(options.every)
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
