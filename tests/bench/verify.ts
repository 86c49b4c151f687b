import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatVkey } from '../../src/log/core/note/note-key.ts'
import { PATIENCE } from '../../src/offline/verify/source/get-bytes.ts'
import { verifyLog } from '../../src/offline/verify/verify-log.ts'
import { buildLog, logSigner, makeEntries } from '../log/core/support/memory-log.ts'

/**
 * How fast a local copy of the log is verified, and in how much memory: npm run bench -- verify [entries]
 */
const [first, given] = process.argv.slice(2)
if (first === 'copy') await measure(given!)
else await prepare(Number(first ?? 300_000))

/** Each size in a process of its own, for its memory. */
async function prepare(entries: number): Promise<void> {
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores; Node ${process.version}`)
  const folder = await mkdtemp(join(tmpdir(), 'undersigned-bench-'))
  try {
    for (const size of [entries / 10, entries]) {
      const copy = join(folder, String(size))
      await writeCopy(copy, size)
      const args = ['--import', 'tsx', fileURLToPath(import.meta.url), 'copy', copy]
      spawnSync(process.execPath, args, { stdio: 'inherit' })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(copy: string): Promise<void> {
  // Not the system's own figure: that of a forked process begins with its parent's.
  let peak = process.memoryUsage.rss()
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  const before = process.cpuUsage()
  const begun = performance.now()
  const { report } = await verifyLog(copy, {
    vkey: formatVkey(logSigner.key),
    witnesses: [],
    kept: null,
    others: [],
    copyTo: null,
    http: { signal: new AbortController().signal, patience: PATIENCE },
    onFile() {},
  })
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(before)
  if (!report.ok) throw new Error('the bench made a bad log')
  const { size } = report.checkpoint!
  const rate = (per: number) => Math.round(size / per).toLocaleString('en')
  clearInterval(watch)
  console.log(
    `${size.toLocaleString('en')} entries: ${rate(seconds)}/s, ${rate((user + system) / 1e6)} per CPU second; memory at most ${Math.round(peak / 1e6)} MB`,
  )
}

async function writeCopy(copy: string, size: number): Promise<void> {
  const log = buildLog(makeEntries(size))
  for (const [path, bytes] of [...log.files, ['checkpoint', log.checkpoint] as const]) {
    await mkdir(dirname(join(copy, path)), { recursive: true })
    await writeFile(join(copy, path), bytes)
  }
}
