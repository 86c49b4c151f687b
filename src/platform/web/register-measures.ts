import { Counter, Gauge, type Registry } from 'prom-client'
import type { Measure, Sample } from '../measure.ts'

/** Makes the measures answer when the register is asked. One that fails leaves a gap, and the others stand. */
export function registerMeasures(register: Registry, measures: readonly Measure[]): void {
  for (const measure of measures) {
    const { name, help, kind, labels = [], aggregator } = measure
    const options = {
      name,
      help,
      labelNames: labels,
      registers: [register],
      aggregator,
    }
    const named = (values: readonly string[]) =>
      Object.fromEntries(labels.map((label, at) => [label, values[at] ?? '']))
    if (kind === 'counter') {
      new Counter({
        ...options,
        async collect() {
          this.reset()
          for (const [values, value] of await readOrNothing(measure)) this.inc(named(values), value)
        },
      })
    } else {
      new Gauge({
        ...options,
        async collect() {
          this.reset()
          // Without labels prom-client shows a 0 where nothing is known.
          if (labels.length === 0) this.remove({})
          for (const [values, value] of await readOrNothing(measure)) this.set(named(values), value)
        },
      })
    }
  }
}

async function readOrNothing({ read }: Measure): Promise<Sample[]> {
  try {
    return await read()
  } catch {
    return []
  }
}
