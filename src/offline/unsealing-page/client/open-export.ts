import type { OpenedLine } from './open-batch.ts'
import type { Opener } from './opener.ts'
import { type Batch, readBatches, type Survey } from './read-batches.ts'

/** About a hundred records: a tenth of a second, so that progress is seen to move. */
const BATCH_BYTES = 128 * 1024

/** Whether the key opens any of the lines that were taken from all over the file. */
export async function keyFits(
  openers: Opener[],
  { header: { petition }, sample }: Survey,
  identities: string[],
): Promise<boolean> {
  const opened = await share(openers, sample, (opener, { line, bytes }) =>
    opener.open({ petition, identities, line, bytes: bytes.slice() }),
  )
  return opened.length === 0 || opened.some(({ outcome }) => outcome !== 'other keys')
}

/**
 * Opens every line of the file.
 *
 * @param onOpened called with the number of lines that are done
 * @returns in the file's order
 */
export async function openExport(
  openers: Opener[],
  { file, petition, identities }: { file: Blob; petition: string; identities: string[] },
  onOpened: (lines: number) => void,
): Promise<OpenedLine[]> {
  let done = 0
  const opened = await share(openers, readBatches(file, BATCH_BYTES), async (opener, batch) => {
    const lines = await opener.open({ petition, identities, ...batch })
    done += lines.length
    onOpened(done)
    return lines
  })
  return opened.sort((a, b) => a.line - b.line)
}

/** Each opener takes the next batch when it is done with one. */
async function share(
  openers: Opener[],
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  open: (opener: Opener, batch: Batch) => Promise<OpenedLine[]>,
): Promise<OpenedLine[]> {
  const next = iterate(batches)
  const opened: OpenedLine[][] = []
  await Promise.all(
    openers.map(async (opener) => {
      for (let step = await next.next(); !step.done; step = await next.next()) {
        opened.push(await open(opener, step.value))
      }
    }),
  )
  return opened.flat()
}

function iterate(batches: Iterable<Batch> | AsyncIterable<Batch>) {
  return Symbol.asyncIterator in batches
    ? batches[Symbol.asyncIterator]()
    : batches[Symbol.iterator]()
}
