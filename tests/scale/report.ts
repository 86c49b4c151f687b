/** What was found, a line each as it is found. */
export interface Report extends Findings {
  failures(): string[]
}

export interface Findings {
  /** Something worth knowing that can't be wrong. */
  tell(text: string): void
  /** @param figures what was counted, whether or not it is as it must be */
  check(what: string, holds: boolean, figures: string): void
}

export function createReport(): Report {
  const begun = performance.now()
  const failures: string[] = []
  const write = (mark: string, text: string) => {
    const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(5)
    console.log(`${seconds} s  ${mark}  ${text}`)
  }
  return {
    tell: (text) => write('    ', text),
    check(what, holds, figures) {
      write(holds ? 'ok  ' : 'FAIL', `${what}: ${figures}`)
      if (!holds) failures.push(`${what}: ${figures}`)
    },
    failures: () => failures,
  }
}

/** How long something took, and when it ended on the clock of `performance.now()`. */
export interface Timing {
  at: number
  ms: number
}

/** `p50 4 ms, p99 31 ms, longest 215 ms`, of those that ended within the span. */
export function latencies(
  took: Timing[],
  span: { from: number; to: number } = { from: 0, to: Number.POSITIVE_INFINITY },
): string {
  const sorted = took
    .filter(({ at }) => at >= span.from && at < span.to)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${Math.round(sorted.at(-1) ?? 0)} ms`
}

/** For the end of a line of figures. */
export const tellFirst = ([first]: object[]) => (first ? `, first ${JSON.stringify(first)}` : '')
