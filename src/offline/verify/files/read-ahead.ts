import type { LogSource } from '../../../log/core/check/check-log.ts'
import { TILE_WIDTH, tileWidth } from '../../../log/core/tree/tile.ts'

/** Files of a kind that are being read while earlier ones are checked. */
const AHEAD = 4

/**
 * The same source, for a walk from the first entry to the last: what comes next is being read before
 * it is asked for.
 */
export function readAhead(source: LogSource, size: number): LogSource {
  const nextBundle = createLane(size, (n, width) => source.getBundle(n, width))
  const nextTile = createLane(size, (n, width) => source.getTile(0, n, width))
  return {
    checkpoint: source.checkpoint,
    getBundle: nextBundle,
    getTile: (level, n, width) =>
      level === 0 ? nextTile(n, width) : source.getTile(level, n, width),
  }
}

type Read = (n: number, width: number) => Promise<Uint8Array | null>

function createLane(size: number, read: Read): Read {
  const begun = new Map<number, Promise<Uint8Array | null>>()
  const count = Math.ceil(size / TILE_WIDTH)

  function begin(n: number): Promise<Uint8Array | null> {
    const reading = read(n, tileWidth(size, 0, n))
    // Whoever asks for it gets the error; if nobody does, it is none.
    reading.catch(() => {})
    begun.set(n, reading)
    return reading
  }

  return (n, width) => {
    if (width !== tileWidth(size, 0, n)) return read(n, width)
    for (let next = n; next < Math.min(n + AHEAD, count); next++) {
      if (!begun.has(next)) begin(next)
    }
    const reading = begun.get(n) ?? read(n, width)
    begun.delete(n)
    return reading
  }
}
