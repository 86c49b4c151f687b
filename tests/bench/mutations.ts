import { checkLog } from '../../src/log/core/check-log.ts'
import { buildLog, makeEntries, trust, withFiles } from '../log/core/support/memory-log.ts'

/**
 * Changes every byte of every file of a log, one at a time, and runs the whole check over it. The tests
 * do so for a part of the files, for it takes minutes: npm run bench -- mutations [entries]
 */
const size = Number(process.argv[2] ?? 1000)
const log = buildLog(makeEntries(size))
const files = new Map([...log.files, ['checkpoint', log.checkpoint]])
const begun = performance.now()
let changed = 0
const missed: string[] = []
for (const [path, bytes] of files) {
  const copy = Uint8Array.from(bytes)
  for (let at = 0; at < bytes.length; at++) {
    copy[at]! ^= 1 << (at % 8)
    const report = await checkLog(withFiles(log, { [path]: copy }), trust)
    if (report.ok) missed.push(`${path}, byte ${at}`)
    copy[at] = bytes[at]!
    changed++
  }
  console.log(`${path}: ${bytes.length} bytes`)
}
const minutes = ((performance.now() - begun) / 60_000).toFixed(1)
console.log(
  `${changed.toLocaleString('en')} changed bytes, ${missed.length} missed, ${minutes} min`,
)
for (const one of missed) console.error(`missed: ${one}`)
process.exit(missed.length === 0 ? 0 : 1)
