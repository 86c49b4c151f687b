/** Runs `work` over and over with a pause in between, never twice at once. A failure is told, not fatal. */
export function repeat(options: {
  every: number
  work: () => Promise<unknown>
  onError: (error: unknown) => void
}): { stop(): Promise<void> } {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  function schedule() {
    if (stopped) return
    timer = setTimeout(() => {
      running = options
        .work()
        .then(
          () => {},
          (error: unknown) => options.onError(error),
        )
        .then(schedule)
    }, options.every)
  }

  schedule()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
