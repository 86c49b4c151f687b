import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { logFolder } from '../../src/log/log-folder.ts'
import { raiseCount, raiseMark } from '../../src/restoring/database-mark.ts'
import { watchMark } from '../../src/restoring/restoring.ts'
import { takeBackup } from '../support/backup.ts'
import { DEMO } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import {
  confirm,
  get,
  mailedPath,
  post,
  sign,
  signAndConfirm,
  signAndOpenMail,
} from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runSql } from '../support/test-database.ts'
import { TESTER } from '../support/tester.ts'

describe('a backup is put back that is as long as the log', () => {
  const harness = useFreshHarness()
  let folder: string
  let elsewhere: string
  beforeEach(async () => {
    folder = logFolder(harness.site.config)
    elsewhere = temporaryFolder()
    await raise()
  })

  const raise = (at = folder) => raiseMark(harness.site.db, at)
  /** As a node with files of its own sees it. */
  const whyClosed = (at: string) => watchMark(harness.site.db, at, { maxAge: 0 }).whyClosed()
  const kept = async (at: string) => Number(await readFile(join(at, 'database-mark'), 'latin1'))

  it('a file that tells it and can’t be read closes the site, and breaks no answer', async () => {
    await writeFile(join(folder, 'database-mark'), 'no number\n')
    const form = await sign(harness, { email: 'closed@example.org' })
    assert.equal(form.status, 503)
    assert.equal((await get(harness, '/en/p/cop29-baku')).status, 200)
    assert.match((await whyClosed(folder))!, /can't be read/)
    await writeFile(join(folder, 'database-mark'), '1\n')
    assert.equal((await sign(harness, { email: 'open@example.org' })).status, 303)
  })

  it('no form is taken, no link opens, the log is away, and pages are readable', async () => {
    const link = await signAndOpenMail(harness, { email: 'waits@example.org' })
    await signAndConfirm(harness, { email: 'stands@example.org' })
    const receipt = mailedPath(harness, 'stands@example.org', 'confirm')
    await harness.sequence()
    const restore = await takeBackup(harness)
    await raise()
    await restore()

    const form = await sign(harness, { name: 'Typed Name', email: 'new@example.org' })
    assert.equal(form.status, 503)
    assert.equal(form.headers.get('retry-after'), '30')
    assert.match(await form.text(), /value="Typed Name"/)
    for (const path of [link, receipt, `/en/withdraw/x`, '/en/unsubscribe/x', '/en/signature/x']) {
      const answer = await get(harness, path)
      assert.equal(answer.status, 503, path)
      assert.equal(answer.headers.get('retry-after'), '30')
    }
    assert.equal((await confirm(harness, link)).status, 503)
    const ask = await post(harness, `/en/p/${DEMO}/withdraw`, { email: 'stands@example.org' })
    assert.equal(ask.status, 503)
    const log = await get(harness, '/log/checkpoint')
    assert.equal(log.status, 503)
    assert.deepEqual(await log.json(), {
      statusCode: 503,
      error: 'Service Unavailable',
      message: 'the public log is being restored from a backup: try again later',
    })
    assert.equal((await get(harness, '/log/tile/0/000.p/1')).status, 503)
    assert.equal((await get(harness, '/readyz')).status, 503)
    const open = ['/healthz', `/en/p/${DEMO}`, `/api/v1/petitions/${DEMO}/counts`]
    for (const path of open) assert.equal((await get(harness, path)).status, 200, path)
    assert.match((await whyClosed(folder))!, /its mark is 1, and was 2 before|a node has seen/)

    assert.equal(await harness.site.restoring.rebuild(null, TESTER), null, 'nothing was missing')
    assert.equal((await get(harness, '/readyz')).status, 200)
    assert.equal((await get(harness, '/log/checkpoint')).status, 200)
    assert.equal((await confirm(harness, link)).status, 303)
    await harness.sequence()
  })

  it('one node’s file tells every node, also those without a file', async () => {
    await raise(elsewhere)
    assert.deepEqual([await kept(folder), await kept(elsewhere)], [1, 2])
    const nowhere = join(elsewhere, 'none')
    const restore = await takeBackup(harness)
    await raise(elsewhere)
    await restore()
    assert.equal(await whyClosed(nowhere), null)
    assert.equal(await whyClosed(folder), null)
    assert.match((await whyClosed(elsewhere))!, /its mark is 2, and was 3 before/)
    assert.match((await whyClosed(nowhere))!, /a node has seen a later state of it/)
    assert.match((await whyClosed(folder))!, /a node has seen a later state of it/)

    await harness.site.restoring.rebuild(null, TESTER)
    for (const node of [nowhere, folder, elsewhere]) assert.equal(await whyClosed(node), null)
    await raise(elsewhere)
    assert.equal(await kept(elsewhere), (await kept(folder)) + 1)
  })

  it('a process that was there before notices without any file', async () => {
    const { whyClosed: look } = watchMark(harness.site.db, join(elsewhere, 'none'), { maxAge: 0 })
    const restore = await takeBackup(harness)
    await raise()
    assert.equal(await look(), null)
    await restore()
    assert.match((await look())!, /its mark is 1, and was 2 before/)
  })

  it('a worker killed between the two writes leaves nothing that looks like a restore', async () => {
    await raiseCount(harness.site.db, await kept(folder))
    assert.equal(await whyClosed(folder), null)
    await raise()
    assert.equal(await kept(folder), 3)
  })

  it('a worker doesn’t raise the mark of a database that was put back', async () => {
    const restore = await takeBackup(harness)
    await raise()
    await restore()
    await raise()
    assert.match((await whyClosed(folder))!, /its mark is 1, and was 2 before/)
  })

  it('a new database beside the files of an older one has no mark, and is closed', async () => {
    await runSql(harness.databaseUrl, 'truncate database_mark')
    assert.match((await whyClosed(folder))!, /its mark is 0, and was 1 before/)
    await raise()
    assert.match((await whyClosed(folder))!, /its mark is 0/)
    assert.equal(await harness.site.restoring.rebuild(null, TESTER), null, 'the log has not begun')
    assert.equal(await whyClosed(folder), null)
  })
})
