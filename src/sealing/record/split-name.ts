/**
 * A name for tools that want it in two: the last word is the last name, everything before it the first.
 * A guess, wrong for many of the world's names; the whole name stands beside it.
 */
export function splitName(name: string): { first: string; last: string } {
  const words = name.split(' ')
  const last = words.length > 1 ? words.pop()! : ''
  return { first: words.join(' '), last }
}
