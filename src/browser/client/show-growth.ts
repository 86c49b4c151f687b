import { accumulate, plotGrowth } from '../../pages/verify/plot-growth.ts'

/** Draws the growth from the entries that were counted here. */
export function showGrowth(
  figure: HTMLElement,
  hours: { key: string; signatures: number }[],
  language: string,
): void {
  const points = accumulate(hours)
  const plot = plotGrowth(points)
  figure.hidden = !plot
  if (!plot) return
  figure.querySelector('polygon')!.setAttribute('points', plot.area)
  figure.querySelector('polyline')!.setAttribute('points', plot.line)
  const date = new Intl.DateTimeFormat([language === 'en' ? 'en-GB' : language, 'en-GB'], {
    dateStyle: 'long',
    timeZone: 'UTC',
  })
  const [first, last] = figure.querySelectorAll('figcaption span')
  first!.textContent = date.format(new Date(points[0]!.key.replace('Z', ':00Z')))
  last!.textContent = date.format(new Date(points.at(-1)!.key.replace('Z', ':00Z')))
}
