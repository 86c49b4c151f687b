const SMALLEST = 10

/**
 * To two figures: a card is drawn anew some hundred times on the way from 10,000 to 100,000, and shows nobody's single
 * signature. Below ten it is 0.
 */
export function roundDown(count: number): number {
  const unit = Math.max(SMALLEST, 10 ** (String(count).length - 2))
  return Math.floor(count / unit) * unit
}
