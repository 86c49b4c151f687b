import { MalformedError } from '../malformed.ts'
import { HASH_BYTES } from './hash-tree.ts'
import type { GetTile, TilePlace } from './tile.ts'
import { tilePath } from './tile-path.ts'

/** A tile's bytes. @throws MalformedError when it is missing or not width × 32 bytes long. */
export async function readTile(getTile: GetTile, place: TilePlace): Promise<Uint8Array> {
  const bytes = await getTile(place.level, place.n, place.width)
  if (!bytes) throw new MalformedError(tilePath(place), 'missing')
  if (bytes.length !== place.width * HASH_BYTES) {
    throw new MalformedError(
      tilePath(place),
      `${bytes.length} bytes, not ${place.width * HASH_BYTES}`,
    )
  }
  return bytes
}
