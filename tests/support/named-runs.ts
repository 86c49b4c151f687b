import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

/** What `npm run faults` and `npm run attack` run by name. */
export interface Named {
  /** As on the command line. */
  name: string
  /** What goes wrong, for the table. */
  what: string
  /** How often, or how much, in the suite of tests and in the full length. */
  sizes: { short: number; long: number }
}

export interface Chosen<T> {
  runs: { one: T; size: number }[]
  isShort: boolean
  /** Whether the rows go into the table of docs/reliability.md. */
  writes: boolean
}

/**
 * Reads `[PART-OF-NAME… --short --size SIZE --write --list]`. With `--list` it lists them and chooses none.
 *
 * @param folder whose files each export one
 * @param others that are run in another way
 * @throws Error when no name holds a given part
 */
export async function chooseRuns<T extends Named>(
  folder: string,
  find: (module: Record<string, T>) => T,
  others: T[] = [],
): Promise<Chosen<T>> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      size: { type: 'string' },
    },
  })
  const files = readdirSync(folder).sort()
  const all = await Promise.all(
    files.map(async (file) => find(await import(pathToFileURL(join(folder, file)).href))),
  )
  const named = [...all, ...others].filter(
    ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
  )
  if (named.length === 0) throw new Error(`no name holds ${positionals.join(' or ')}`)
  if (values.list)
    for (const { name, what, sizes } of named) console.log(`${name}: ${what} (${sizes.long})`)
  const sized = named.map((one) => ({
    one,
    size: values.size ? Number(values.size) : one.sizes[values.short ? 'short' : 'long'],
  }))
  return {
    runs: values.list ? [] : sized.filter(({ size }) => size > 0),
    isShort: values.short,
    writes: values.write,
  }
}
