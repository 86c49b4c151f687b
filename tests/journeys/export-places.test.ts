import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { takeBatch } from '../../src/log/sequencing/take-batch.ts'
import { parseExportHeader, parseExportLine } from '../../src/sealing/record/export-file.ts'
import { useHarness } from '../support/harness.ts'
import { exportSealed } from '../support/open-export.ts'
import { listEntries, readPublicLog } from '../support/public-log.ts'
import { signAndConfirm } from '../support/signer.ts'

describe('an export and the public log', () => {
  const harness = useHarness()

  const read = async () => {
    const [header, ...lines] = await exportSealed(harness)
    return {
      checkpoint: parseExportHeader(header!)!.checkpoint,
      lines: lines.map((line) => parseExportLine(line)!),
    }
  }

  it('before the first checkpoint names no entries', async () => {
    await signAndConfirm(harness, { email: 'first@example.org' })
    await harness.seal()
    const { checkpoint, lines } = await read()
    assert.equal(checkpoint, null)
    assert.deepEqual(
      lines.map(({ index }) => index),
      [null],
    )
  })

  it('says which entry is whose, under the checkpoint that everybody sees', async () => {
    await signAndConfirm(harness, { email: 'second@example.org' })
    await harness.sequence()
    const { checkpoint, lines } = await read()
    assert.deepEqual(
      Buffer.from(checkpoint!),
      Buffer.from((await readPublicLog(harness)).checkpoint),
    )
    const entries = await listEntries(harness)
    assert.equal(lines.length, 2)
    for (const { index, commitment } of lines) {
      const entry = entries[index!]!
      assert.equal(entry.split(' ').at(-1), Buffer.from(commitment).toString('base64'))
    }
  })

  it('names no entry that the published checkpoint does not hold yet', async () => {
    await signAndConfirm(harness, { email: 'third@example.org' })
    await harness.seal()
    const { clock, db, keyring } = harness.site
    // A sequencer that dies after its first step: the place is given, and not yet signed for.
    await takeBatch(db, { clock, randomInt: () => 0, figuresKey: keyring.figures })
    const { lines } = await read()
    assert.equal(lines.length, 3)
    assert.equal(lines.filter(({ index }) => index === null).length, 1, 'in no order of time')
    await harness.sequence()
    assert.ok((await read()).lines.every(({ index }) => index !== null))
  })
})
