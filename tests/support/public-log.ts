import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkLog, type LogSource } from '../../src/log/core/check-log.ts'
import { parseBundle } from '../../src/log/core/entry/entry-bundle.ts'
import type { LogReport } from '../../src/log/core/log-report.ts'
import { type Checkpoint, parseCheckpoint } from '../../src/log/core/note/checkpoint.ts'
import { verifyEd25519 } from '../../src/log/core/note/node-ed25519.ts'
import { parseNote } from '../../src/log/core/note/note.ts'
import { parseVkey } from '../../src/log/core/note/note-key.ts'
import { listNewBundles } from '../../src/log/core/tree/tile.ts'
import { bundlePath, tilePath } from '../../src/log/core/tree/tile-path.ts'
import type { Harness } from './harness.ts'

/** The log as an outsider gets it, over HTTP. */
export async function readPublicLog(
  harness: Pick<Harness, 'origin'>,
): Promise<LogSource & { vkey: string }> {
  const read = async (path: string) => {
    const answer = await fetch(`${harness.origin}/log/${path}`)
    if (answer.status === 404) return null
    assert.equal(answer.status, 200, `${path}: ${await answer.clone().text()}`)
    return new Uint8Array(await answer.arrayBuffer())
  }
  return {
    vkey: Buffer.from((await read('vkey'))!)
      .toString()
      .trim(),
    checkpoint: (await read('checkpoint'))!,
    getTile: (level, n, width) => read(tilePath({ level, n, width })),
    getBundle: (n, width) => read(bundlePath({ n, width })),
  }
}

/** Checks the whole log over HTTP, as everyone may. @param earlier what it promised before */
export async function checkPublicLog(
  harness: Pick<Harness, 'origin'>,
  earlier: Checkpoint[] = [],
): Promise<LogReport & { checkpoint: Checkpoint }> {
  const log = await readPublicLog(harness)
  const trust = { logKeys: [parseVkey(log.vkey)], witnessKeys: [], verify: verifyEd25519 }
  const report = await checkLog(log, trust, earlier)
  assert.deepEqual(report.faults, [])
  assert.deepEqual(report.ignored, [])
  assert.ok(report.ok && report.checkpoint)
  return { ...report, checkpoint: report.checkpoint }
}

/** The entries as text, in their order. */
export async function listEntries(harness: Pick<Harness, 'origin'>): Promise<string[]> {
  const log = await readPublicLog(harness)
  const { checkpoint } = await checkPublicLog(harness)
  const entries: string[] = []
  for (const { n, width } of listNewBundles(0, checkpoint.size)) {
    const bundle = (await log.getBundle(n, width))!
    entries.push(...parseBundle(bundle, width).map((entry) => Buffer.from(entry).toString()))
  }
  return entries
}

/** The copy of the log that a node keeps in its DATA_DIR. */
export async function readKeptLog(harness: Harness) {
  const folder = join(harness.site.config.dataDir, 'log')
  const note = await readFile(join(folder, 'checkpoint'))
  return {
    note,
    checkpoint: parseCheckpoint(parseNote(note).text),
    getBundle: (n: number, width: number) => readFile(join(folder, bundlePath({ n, width }))),
  }
}
