/** A number of signatures, and since when it was that many. */
interface GrowthPoint {
  /** `2024-11-11` or `2024-11-11T09Z`. */
  key: string
  total: number
}

export interface GrowthPlot {
  width: number
  height: number
  /** `points` of an SVG polyline: steps from the lower left to the upper right. */
  line: string
  /** The same, closed along the bottom, for a fill. */
  area: string
}

const WIDTH = 600
const HEIGHT = 160
/** More steps than a screen has columns would only make the page heavy. */
const MAX_STEPS = 300

/** Sums up numbers by moment. @param rows in the order of their keys */
export function accumulate(rows: { key: string; signatures: number }[]): GrowthPoint[] {
  let total = 0
  return rows.map(({ key, signatures }) => {
    total += signatures
    return { key, total }
  })
}

/**
 * The growth over time as a drawing, for the server's page and for the reader's own recomputation; null
 * while all came in one hour or day, and there is nothing to draw.
 */
export function plotGrowth(points: GrowthPoint[]): GrowthPlot | null {
  const shown = thin(points)
  const top = Math.max(...shown.map(({ total }) => total))
  if (shown.length < 2 || top <= 0) return null
  const times = shown.map(({ key }) => timeOf(key))
  const [first, last] = [times[0]!, times.at(-1)!]
  const x = (time: number) => round(((time - first) / (last - first)) * WIDTH)
  const y = (total: number) => round(HEIGHT - (Math.max(total, 0) / top) * (HEIGHT - 2))
  const corners: [number, number][] = [[0, HEIGHT]]
  for (const [index, { total }] of shown.entries()) {
    const at = x(times[index]!)
    corners.push([at, corners.at(-1)![1]], [at, y(total)])
  }
  corners.push([WIDTH, corners.at(-1)![1]])
  const line = corners.map((corner) => corner.join(',')).join(' ')
  return { width: WIDTH, height: HEIGHT, line, area: `${line} ${WIDTH},${HEIGHT} 0,${HEIGHT}` }
}

function thin(points: GrowthPoint[]): GrowthPoint[] {
  const every = Math.ceil(points.length / MAX_STEPS)
  return points.filter((_, index) => index % every === 0 || index === points.length - 1)
}

function timeOf(key: string): number {
  return Date.parse(key.length > 10 ? key.replace('Z', ':00Z') : `${key}T00:00Z`)
}

const round = (value: number) => Math.round(value * 10) / 10
