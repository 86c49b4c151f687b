import { readFile } from 'node:fs/promises'
import { openSealed } from '../../src/sealing/age/open-sealed.ts'
import { createIdentity } from '../../src/sealing/age/x25519.ts'
import { demoKeyFile } from '../../src/sealing/demo-key.ts'
import { parseExportHeader, parseExportLine } from '../../src/sealing/record/export-file.ts'
import { type OpenedRecord, openRecord } from '../../src/sealing/record/open-record.ts'
import type { SignerRecord } from '../../src/sealing/record/sealed-record.ts'
import { readSealed } from '../../src/signature/read-sealed.ts'
import { getDemo } from './demo.ts'
import type { Harness } from './harness.ts'

/** The demonstration petition's sealed records as its export file has them. */
export async function exportSealed(harness: Harness): Promise<string[]> {
  const { site } = harness
  const petition = await getDemo(harness)
  let text = ''
  await site.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      for await (const chunk of readSealed(trx, petition, site.clock.now())) text += chunk
    })
  return text.trimEnd().split('\n')
}

export async function demoIdentity({ site }: Harness): Promise<string> {
  const text = await readFile(demoKeyFile(site.config.dataDir), 'utf8')
  return text.split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-1'))!
}

/** Opens every record of an export with one key; what doesn't open is an outcome, too. */
export async function openExport(lines: string[], identity: string): Promise<OpenedRecord[]> {
  const header = parseExportHeader(lines[0]!)!
  const identities = [createIdentity(identity)]
  return Promise.all(
    lines
      .slice(1)
      .map((line) =>
        openRecord(
          (sealed) => openSealed(identities, sealed),
          header.petition,
          parseExportLine(line)!,
        ),
      ),
  )
}

/** In the order of confirming, then of addresses. @throws when one of them doesn't open */
export async function openAll(harness: Harness): Promise<SignerRecord[]> {
  const opened = await openExport(await exportSealed(harness), await demoIdentity(harness))
  const records = opened.map((each) => {
    if (each.outcome !== 'opened') throw new Error(each.outcome)
    return each.record
  })
  const { compare } = new Intl.Collator('en', { numeric: true })
  return records.sort((a, b) => compare(a.confirmedAt, b.confirmedAt) || compare(a.email, b.email))
}
