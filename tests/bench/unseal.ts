import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey } from '../../src/sealing/keys/generate-key.ts'
import { readIdentities } from '../../src/sealing/keys/read-identities.ts'
import { unsealFile } from '../../src/sealing/unseal/unseal-file.ts'
import { exportText, sealedLine } from '../support/sealed-export.ts'

/** How fast an export is opened, and in how much memory: npm run bench -- unseal [records] */
const records = Number(process.argv[2] ?? 20_000)
const folder = await mkdtemp(join(tmpdir(), 'undersigned-bench-'))
try {
  const { recipient, text } = generateKey(new Date())
  const key = join(folder, 'key.txt')
  const file = join(folder, 'export.jsonl')
  await writeFile(key, text)
  const lines: string[] = []
  for (let id = 1; id <= records; id++) {
    lines.push(
      await sealedLine({ id: String(id), normalisedEmail: `${id}@example.org` }, [recipient]),
    )
  }
  await writeFile(file, exportText(lines))
  lines.length = 0
  const begun = performance.now()
  const out = join(folder, 'list.csv')
  const identities = await readIdentities([key])
  const report = await unsealFile(file, identities, { out, format: 'csv', salvage: false })
  const seconds = (performance.now() - begun) / 1000
  const rate = Math.round(report.opened() / seconds)
  console.log(`${rate} records/s opened; ${Math.round(process.memoryUsage.rss() / 1e6)} MB`)
} finally {
  await rm(folder, { recursive: true })
}
