import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, describe, it } from 'node:test'
import { parseCheckpoint } from '../../src/log/core/note/checkpoint.ts'
import { parseNote } from '../../src/log/core/note/note.ts'
import { readSigned } from '../../src/log/log-folder.ts'
import { findState } from '../../src/log/store/log-state.ts'
import { useHarness } from '../support/harness.ts'
import { signAndConfirm } from '../support/signer.ts'

/** No file of this process grows: the error that a full disk gives too, to every user and on any disk. */
const setFull = (full: boolean) =>
  execFileSync('prlimit', [`--pid=${process.pid}`, `--fsize=${full ? '0' : 'unlimited'}:`])

describe('a log whose disk is full', { skip: process.platform !== 'linux' }, () => {
  const harness = useHarness()
  after(() => setFull(false))

  it('waits: what could not be kept outside the database is shown to nobody; then it goes on', async () => {
    await signAndConfirm(harness, { email: 'first@example.org' })
    await harness.sequence()
    const folder = `${harness.environment.DATA_DIR}/log`
    const before = (await findState(harness.site.db))!
    await signAndConfirm(harness, { email: 'second@example.org' })
    setFull(true)
    for (let tries = 0; tries < 3; tries++) {
      await assert.rejects(harness.sequence(), /EFBIG|ENOSPC/)
      const state = (await findState(harness.site.db))!
      assert.equal(state.sequenced, before.sequenced + 1)
      assert.equal(state.signed, before.signed)
      assert.equal(state.published, before.published)
      assert.deepEqual(Buffer.from((await readSigned(folder))!.note), before.signedNote)
    }
    await assert.rejects(harness.site.restoring.raiseMark(), /EFBIG|ENOSPC/)
    assert.equal(await harness.site.restoring.whyClosed(), null)
    setFull(false)
    await harness.sequence()
    await harness.site.restoring.raiseMark()
    const state = (await findState(harness.site.db))!
    assert.equal(state.published, before.sequenced + 1)
    const kept = parseCheckpoint(parseNote((await readSigned(folder))!.note).text)
    assert.equal(kept.size, state.published)
    assert.equal(await harness.site.restoring.whyClosed(), null)
  })
})
