import { attempt, MalformedError } from '../../log/core/canonical.ts'
import type { LogSource } from '../../log/core/check-log.ts'
import { parseBundle } from '../../log/core/entry/entry-bundle.ts'
import { parseEntry } from '../../log/core/entry/entry-line.ts'
import { parseCheckpoint } from '../../log/core/note/checkpoint.ts'
import { parseNote } from '../../log/core/note/note.ts'
import { FULL_TILE_BYTES, TILE_WIDTH } from '../../log/core/tree/tile.ts'
import { bundlePath, tilePath } from '../../log/core/tree/tile-path.ts'

/** The reader pressed Stop. */
export class StoppedError extends Error {}

interface FetchedLog {
  source: LogSource
  /** Signatures of the petition by the hour of their entries. */
  hours(): { key: string; signatures: number }[]
}

/** Bundles asked for ahead of the one that is being checked. */
const AHEAD = 4
/** 256 entries, each shorter than 256 bytes with its length. */
const MAX_BUNDLE_BYTES = TILE_WIDTH * 258
const MAX_NOTE_BYTES = 100_000

/**
 * The site's log, asked for piece by piece as the check goes on, and nothing of it kept.
 *
 * @throws StoppedError, or whatever fetch throws
 */
export async function fetchLog(
  slug: string,
  signal: AbortSignal,
  onProgress: (entries: number, size: number) => void,
): Promise<FetchedLog> {
  const checkpoint = (await get('checkpoint', MAX_NOTE_BYTES, signal))!
  const size = sizeOf(checkpoint)
  const hours = new Map<string, number>()
  const ahead = new Map<number, Promise<Uint8Array | null>>()

  const ask = (n: number) => {
    const width = Math.min(size - n * TILE_WIDTH, TILE_WIDTH)
    if (width <= 0 || ahead.has(n)) return
    const answer = get(bundlePath({ n, width }), MAX_BUNDLE_BYTES, signal)
    answer.catch(() => {})
    ahead.set(n, answer)
  }

  return {
    hours: () =>
      [...hours]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, signatures]) => ({ key, signatures })),
    source: {
      checkpoint,
      getTile: (level, n, width) => get(tilePath({ level, n, width }), FULL_TILE_BYTES, signal),
      async getBundle(n, width) {
        for (let next = n; next < n + AHEAD; next++) ask(next)
        const bundle = await ahead.get(n)!
        ahead.delete(n)
        if (bundle) addHours(hours, slug, bundle, width)
        onProgress(n * TILE_WIDTH + width, size)
        // A phone must go on answering its owner.
        await new Promise((resolve) => setTimeout(resolve))
        return bundle
      },
    },
  }
}

function addHours(
  hours: Map<string, number>,
  slug: string,
  bundle: Uint8Array,
  width: number,
): void {
  const entries = attempt(() => parseBundle(bundle, width))
  if (entries instanceof MalformedError) return
  for (const bytes of entries) {
    const entry = parseEntry(bytes)
    if (entry.kind === 'sign' && entry.slug === slug) {
      hours.set(entry.hour, (hours.get(entry.hour) ?? 0) + 1)
    }
  }
}

function sizeOf(checkpoint: Uint8Array): number {
  const parsed = attempt(() => parseCheckpoint(parseNote(checkpoint).text))
  // The check reports the fault.
  return parsed instanceof MalformedError ? 0 : parsed.size
}

/** Null for a missing file. A server can't make the page swallow more than `limit` bytes. */
async function get(path: string, limit: number, signal: AbortSignal): Promise<Uint8Array | null> {
  try {
    const answer = await fetch(`/log/${path}`, { signal, credentials: 'omit', redirect: 'error' })
    if (answer.status === 404) return null
    if (!answer.ok) throw new Error(String(answer.status))
    const reader = answer.body!.getReader()
    const parts: Uint8Array[] = []
    let length = 0
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value)
      length += part.value.length
      if (length > limit) throw new Error('too long')
    }
    return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
  } catch (error) {
    throw signal.aborted ? new StoppedError() : error
  }
}
