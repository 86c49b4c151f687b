import { readdir, readFile } from 'node:fs/promises'

/** As Linux reports processor time, on every machine that it runs on: see proc(5). */
const TICKS_A_SECOND = 100

interface Line {
  parent: number
  seconds: number
}

/**
 * Processor time of processes with all that they began, ended ones included.
 *
 * @param roots process ids by name
 * @returns seconds by name; 0 where there is no /proc
 */
export async function readProcessorTime(
  roots: Record<string, number>,
): Promise<Record<string, number>> {
  const lines = await readLines()
  const timeOf = (pid: number): number => {
    const below = [...lines].filter(([, { parent }]) => parent === pid)
    return below.reduce((sum, [child]) => sum + timeOf(child), lines.get(pid)?.seconds ?? 0)
  }
  return Object.fromEntries(Object.entries(roots).map(([name, pid]) => [name, timeOf(pid)]))
}

export async function readParent(pid: number): Promise<number> {
  return (await readLines()).get(pid)?.parent ?? 0
}

async function readLines(): Promise<Map<number, Line>> {
  const lines = new Map<number, Line>()
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue
    const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    // The name of the program, in brackets, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    if (fields.length < 15) continue
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    lines.set(Number(name), { parent: Number(fields[1]), seconds: ticks / TICKS_A_SECOND })
  }
  return lines
}
