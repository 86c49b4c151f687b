import { mkdtemp, rm, stat } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setInterval } from 'node:timers'
import { type ListFormat, listFormats } from '../../src/offline/unseal/format-list.ts'
import { generateKey } from '../../src/offline/unseal/generate-key.ts'
import { resealFile, unsealFile } from '../../src/offline/unseal/unseal-file.ts'
import { writeFileWhole } from '../../src/platform/files/write-out.ts'
import { noProgress } from '../../src/platform/terminal/show-progress.ts'
import { exportText, sealedLine } from '../support/sealed-export.ts'

/**
 * How fast an export is opened or sealed to another key, and in how much memory:
 * npm run bench -- unseal [records] [csv|json|xlsx|reseal]...
 */
const records = Number(process.argv[2] ?? 20_000)
const given = process.argv.slice(3)
const kinds = given.length > 0 ? given : [...listFormats, 'reseal']
const folder = await mkdtemp(join(tmpdir(), 'undersigned-bench-'))
try {
  const { recipient, text } = generateKey(new Date())
  const identities = [text.trim().split('\n').at(-1)!]
  const file = join(folder, 'export.jsonl')
  await writeFileWhole(file, makeExport(recipient))
  const threads = availableParallelism()
  console.log(
    `${records} records, ${threads} threads, ${await size(file)}; Node ${process.version}`,
  )
  for (const kind of kinds) await measure(kind, file, identities)
} finally {
  await rm(folder, { recursive: true })
}

async function* makeExport(recipient: string) {
  yield exportText([], { records })
  for (let id = 1; id <= records; id++) {
    const signer = { id: String(id), normalisedEmail: `${id}@example.org`, name: `Signer ${id}` }
    yield `${await sealedLine(signer, [recipient])}\n`
  }
}

async function measure(kind: string, file: string, identities: string[]) {
  const out = join(folder, `list.${kind}`)
  const options = {
    out,
    force: false,
    salvage: false,
    includeMismatched: false,
    signal: new AbortController().signal,
    beginProgress: () => noProgress,
  }
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 100)
  const processor = process.cpuUsage()
  const begun = performance.now()
  const report = await (kind === 'reseal'
    ? resealFile(file, { identities, recipients: [generateKey(new Date()).recipient] }, options)
    : unsealFile(file, identities, { ...options, format: kind as ListFormat }))
  const seconds = (performance.now() - begun) / 1000
  clearInterval(watch)
  const { user, system } = process.cpuUsage(processor)
  const { written } = report.counts()
  console.log(
    [
      `${kind}: ${Math.round(written / seconds)} records/s`,
      `${Math.round((written / (user + system)) * 1e6)} a second of processor time`,
      `memory ${Math.round(peak / 1e6)} MB at most`,
      await size(out),
    ].join('; '),
  )
}

async function size(path: string): Promise<string> {
  return `${Math.round((await stat(path)).size / 1e6)} MB`
}
