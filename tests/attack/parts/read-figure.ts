import type { Stage } from '../../faults/trial.ts'

/** One figure of the web's `/metrics`. @param name with its labels @returns 0 where it is not there yet */
export async function readFigure({ site }: Stage, name: string): Promise<number> {
  const lines = (await (await fetch(`${site.origin}/metrics`)).text()).split('\n')
  return Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length) ?? 0)
}
