/**
 * How "Revoke Article 50 and remain in the EU" (petition.parliament.uk/petitions/241584) grew in March
 * 2019. The counts are those that the site published, as recorded every few minutes by
 * github.com/evilneuro/petition-241584: Crown copyright, Open Government Licence v3.0. Between two of
 * them, and over gaps in the record, the curve is a straight line.
 */

/** Every hour from 20 March 20:00 to 24 March 00:00, UTC. */
const HOURLY = [
  87049, 111290, 159928, 242525, 303312, 331609, 342585, 348909, 353531, 358665, 370790, 416132,
  504438, 616063, 644789, 720354, 799845, 868330, 940017, 1007621, 1070145, 1106624, 1173808,
  1277298, 1330597, 1523655, 1844843, 2069965, 2192660, 2246419, 2273024, 2298252, 2333534, 2368816,
  2404099, 2439381, 2537111, 2668994, 2797565, 2904349, 2999407, 3105291, 3211358, 3297828, 3374395,
  3451677, 3527562, 3600936, 3670081, 3732275, 3788326, 3836257, 3864702, 3878732, 3885644, 3889828,
  3892960, 3896022, 3904032, 3916882, 3945186, 3990711, 4054769, 4119028, 4180597, 4244248, 4304558,
  4355878, 4404023, 4454366, 4512093, 4565875, 4615303, 4661766, 4703301, 4739214, 4764027,
]
/** Every midnight from 25 March to 4 April. */
const DAILY = [
  5310934, 5651769, 5810627, 5909718, 5953008, 5981777, 5996800, 6026315, 6045924, 6054794, 6059718,
]
/** When it closed, on 20 August. */
const CLOSING_COUNT = 6_103_056

/**
 * What the Petitions Committee reported, with 80,000 to 100,000 people viewing, for the noon of 21
 * March. The published count rose half as fast that afternoon, between restarts, and made up for it in
 * the evening with up to 5,353 a minute: what exceeds this rate is moved into the hours before.
 */
export const PEAK_PER_MINUTE = 2000
const DAY_HOURS = 24
/** Windows begin at these steps. */
const STEP_HOURS = 0.25

interface Knot {
  hour: number
  signatures: number
}

/** What came in the month before, and in the months after, takes one day each. */
const published: Knot[] = [
  { hour: 0, signatures: 0 },
  ...HOURLY.map((signatures, nth) => ({ hour: DAY_HOURS + nth, signatures })),
  ...DAILY.map((signatures, nth) => ({
    hour: HOURLY.length - 1 + (nth + 2) * DAY_HOURS,
    signatures,
  })),
  { hour: HOURLY.length - 1 + (DAILY.length + 2) * DAY_HOURS, signatures: CLOSING_COUNT },
]

const knots = moveExcessBack(published)

export const CURVE_HOURS = knots.at(-1)!.hour

/** @returns signatures since the curve's beginning */
export function signaturesAt(hour: number): number {
  const next = Math.max(
    1,
    knots.findIndex((knot) => knot.hour >= hour),
  )
  const [a, b] = [knots[next - 1]!, knots[next]!]
  return a.signatures + ((hour - a.hour) / (b.hour - a.hour)) * (b.signatures - a.signatures)
}

/** When each of a growing row of counts was reached. */
export function createHourFinder(): (signatures: number) => number {
  let next = 1
  return (signatures) => {
    while (next < knots.length - 1 && knots[next]!.signatures < signatures) next++
    const [a, b] = [knots[next - 1]!, knots[next]!]
    const share = (signatures - a.signatures) / (b.signatures - a.signatures)
    return a.hour + share * (b.hour - a.hour)
  }
}

/** @returns where so many hours hold the most */
export function steepestHour(hours: number): number {
  let best = { hour: 0, gained: 0 }
  for (let hour = 0; hour + hours <= CURVE_HOURS; hour += STEP_HOURS) {
    const gained = signaturesAt(hour + hours) - signaturesAt(hour)
    // Sums of fractions differ in their last digits.
    if (gained > best.gained + 1) best = { hour, gained }
  }
  return best.hour
}

function moveExcessBack(counts: Knot[]): Knot[] {
  const moved = counts.map((knot) => ({ ...knot }))
  for (let nth = moved.length - 1; nth > 0; nth--) {
    const [before, after] = [moved[nth - 1]!, moved[nth]!]
    const most = (after.hour - before.hour) * 60 * PEAK_PER_MINUTE
    before.signatures = Math.max(before.signatures, after.signatures - most)
  }
  return moved
}
