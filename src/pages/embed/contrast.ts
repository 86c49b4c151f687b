/** Colours as `#rrggbb`. Contrast as WCAG 2.2 defines it. */

const STEPS = 20

export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light! + 0.05) / (dark! + 0.05)
}

/** 0 for black, 1 for white. */
export function luminance(colour: string): number {
  const [red, green, blue] = partsOf(colour).map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

/** @param share of the second colour */
export function mix(one: string, other: string, share: number): string {
  const others = partsOf(other)
  const parts = partsOf(one).map((part, at) => Math.round(part + (others[at]! - part) * share))
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

/**
 * The colour itself where it stands out enough, else the nearest towards black or white that does: against any ground
 * one of these two has 4.58:1.
 */
export function keepContrast(colour: string, ground: string, least: number): string {
  const end = contrast('#000000', ground) > contrast('#ffffff', ground) ? '#000000' : '#ffffff'
  for (let step = 0; step < STEPS; step++) {
    const moved = mix(colour, end, step / STEPS)
    if (contrast(moved, ground) >= least) return moved
  }
  return end
}

const partsOf = (colour: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
