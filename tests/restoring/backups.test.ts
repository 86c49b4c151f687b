/** Long, since every way back is tried on one site and its one backup, which take seconds to make. */
import assert from 'node:assert/strict'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { reconcileCounts } from '../../src/count/advance-counts.ts'
import { checkLog } from '../../src/log/core/check-log.ts'
import type { Checkpoint } from '../../src/log/core/note/checkpoint.ts'
import { verifyEd25519 } from '../../src/log/core/note/node-ed25519.ts'
import { parseVkey } from '../../src/log/core/note/note-key.ts'
import { logFolder, readSigned } from '../../src/log/log-folder.ts'
import { reconcileLog } from '../../src/log/reconcile-log.ts'
import { sequenceLog } from '../../src/log/sequencing/sequence-log.ts'
import { openSource, readLogSource } from '../../src/offline/verify/source/open-source.ts'
import { raiseMark } from '../../src/restoring/database-mark.ts'
import { readLastBackup } from '../../src/restoring/last-backup.ts'
import { createSealPool } from '../../src/sealing/seal-pool.ts'
import { sealBatch } from '../../src/signature/seal-batch.ts'
import { LOST_VERSION } from '../../src/signature/signature.ts'
import { voidSignatures } from '../../src/signature/void-signatures.ts'
import type { OpenSite } from '../../src/site.ts'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { checkPublicLog } from '../support/public-log.ts'
import {
  backUp,
  type EmptyMachine,
  makeBackupKey,
  makeMachine,
  restore,
} from '../support/restored-site.ts'
import { confirm, signAndConfirm, signAndOpenMail, withdraw } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runSql } from '../support/test-database.ts'
import { TESTER } from '../support/tester.ts'
import { until } from '../support/until.ts'

describe('a backup is restored into an empty database', () => {
  const harness = useHarness()
  const { identity, recipient } = makeBackupKey()
  const machines: EmptyMachine[] = []
  const copies = temporaryFolder()
  /** As it was at the time of the backup, and as a mirror has it when all is lost. */
  const [old, mirror] = [join(copies, 'old'), join(copies, 'mirror')]
  /** Copied in the same minute as the backup. */
  const beside = join(copies, 'beside')
  let backup: string
  let seenBefore: Checkpoint
  let seen: Checkpoint

  /**
   * One who stays, one who leaves after the backup, one who confirms after it, and one whom the backup doesn't
   * know; the DATA_DIR as it was then, and a mirror's copy of the log from the end.
   */
  before(async () => {
    const raise = () => raiseMark(harness.site.db, logFolder(harness.site.config))
    await signAndConfirm(harness, { email: 'stays@example.org', display: 'name' })
    await signAndConfirm(harness, {
      email: 'leaves@example.org',
      name: 'Ada Leaves',
      display: 'name',
    })
    const link = await signAndOpenMail(harness, { email: 'late@example.org' })
    await harness.sequence()
    await raise()
    await cp(harness.site.config.dataDir, old, { recursive: true })
    await raise()
    await cp(harness.site.config.dataDir, beside, { recursive: true })
    seenBefore = (await checkPublicLog(harness)).checkpoint
    backup = await backUp(harness, recipient)
    await withdraw(harness, 'leaves@example.org')
    await confirm(harness, link)
    await signAndConfirm(harness, { email: 'unknown@example.org' })
    await harness.sequence()
    await raise()
    seen = (await checkPublicLog(harness)).checkpoint
    await cp(logFolder(harness.site.config), mirror, { recursive: true })
  })
  after(async () => {
    for (const machine of machines) await machine.drop()
  })

  async function machine(dataDir?: string) {
    const made = await makeMachine(harness, dataDir)
    machines.push(made)
    return made
  }

  /** It goes on within a second. */
  const untilOpen = ({ site }: OpenSite) =>
    until(async () => (await site.restoring.whyClosed()) === null)

  /** Everything of the log that the machine keeps, against what the world has seen. */
  async function checkKept({ site }: OpenSite, earlier: Checkpoint[]) {
    const vkey = await site.publicLog.vkey()
    const trust = { logKeys: [parseVkey(vkey)], witnessKeys: [], verify: verifyEd25519 }
    const source = await readLogSource(await openSource(logFolder(site.config)))
    const report = await checkLog(source, trust, earlier)
    assert.deepEqual(report.faults, [])
    return report.checkpoint!
  }

  /** What is confirmed is sealed, the organisers void an entry, and the log goes on. */
  async function grow({ site }: OpenSite) {
    const pool = createSealPool(site.keyring.details, 1)
    await sealBatch(site.db, pool)
    await pool.close()
    const petition = (await site.petitions.find(DEMO))!
    const standing = await site.db
      .selectFrom('log_place as l')
      .innerJoin('signature as s', 's.id', 'l.signature_id')
      .where('s.state', '=', 'confirmed')
      .select('l.index')
      .executeTakeFirstOrThrow()
    const indexes = [Number(standing.index)]
    await site.db
      .transaction()
      .execute((trx) => voidSignatures(trx, { ...site, by: TESTER }, petition, indexes, 'bot'))
    await sequenceLog(site.directDb, await site.publicLog.openWriter())
  }

  it('one that was made while people sign holds one moment: rows, counts and log add up', async () => {
    const petition = (await harness.site.petitions.find(DEMO))!
    let busy = true
    const signing = (async () => {
      for (let number = 0; busy || number === 0; number++) {
        await signAndConfirm(harness, { email: `busy${number}@example.org` })
        await harness.sequence()
      }
    })()
    const made: string[] = []
    for (let times = 0; times < 3; times++) made.push(await backUp(harness, recipient))
    busy = false
    await signing
    const { open } = await restore(made[1]!, identity, await machine(), { endsHere: true })
    try {
      await untilOpen(open)
      await open.site.counts.advance()
      assert.deepEqual(await reconcileCounts(open.site.db), [])
      await grow(open)
      assert.deepEqual(await reconcileLog(open.site.db), [])
      const { counted: before } = await harness.site.counts.shown(petition.id)
      const { counted: restored } = await open.site.counts.shown(petition.id)
      assert.ok(restored > 0 && restored <= before, `${restored} of ${before}`)
      await checkKept(open, [seenBefore])
    } finally {
      await open.close()
    }
  })

  it('from a mirror’s copy who has left is erased again, and the log goes on from what the world saw', async () => {
    const { open, rebuilt } = await restore(backup, identity, await machine(), { from: mirror })
    const { db } = open.site
    try {
      assert.ok(rebuilt && rebuilt !== 'unproved')
      const { withdrawnAgain, confirmedAgain, lost } = rebuilt
      assert.deepEqual(
        { withdrawnAgain, confirmedAgain, lost },
        { withdrawnAgain: 1, confirmedAgain: 1, lost: 1 },
      )
      const names = await db.selectFrom('public_name').selectAll().execute()
      assert.equal(JSON.stringify(names).includes('Ada'), false)
      await untilOpen(open)
      assert.equal((await checkKept(open, [seen])).size, seen.size)
      await grow(open)
      assert.equal((await checkKept(open, [seen])).size, seen.size + 1)
      await open.site.counts.advance()
      assert.deepEqual(await reconcileCounts(db), [])
      assert.deepEqual(await reconcileLog(db), [])
    } finally {
      await open.close()
    }
  })

  it('from a saved DATA_DIR a mailbox whose row is lost is known again, and counts once', async () => {
    const saved = join(copies, 'saved')
    await cp(harness.site.config.dataDir, saved, { recursive: true })
    const { open, rebuilt } = await restore(backup, identity, await machine(), { from: saved })
    const { db } = open.site
    try {
      assert.ok(rebuilt && rebuilt !== 'unproved')
      const lost = await db
        .selectFrom('signature')
        .where('text_version', '=', LOST_VERSION)
        .select('tag')
        .execute()
      assert.equal(lost.length, rebuilt.lost)
      assert.ok(lost.length > 0 && lost.every(({ tag }) => tag !== null))
    } finally {
      await open.close()
    }
  })

  it('beside the DATA_DIR that went on, that one’s own files say how far the log had come', async () => {
    const { dataDir } = harness.site.config
    const { checkpoint: seen } = await checkPublicLog(harness)
    const kept = await readFile((await readSigned(join(dataDir, 'log')))!.path)
    const { open, rebuilt } = await restore(backup, identity, await machine(dataDir))
    try {
      assert.ok(rebuilt && rebuilt !== 'unproved')
      assert.equal(rebuilt.after, seen.size)
      assert.deepEqual((await readSigned(join(dataDir, 'log')))!.note, kept, 'never an older one')
      await grow(open)
      assert.equal((await checkKept(open, [seen])).size, seen.size + 1)
    } finally {
      await open.close()
    }
  })

  it('without anything that proves it the site stays closed, and signs nothing', async () => {
    const empty = await machine()
    const { open, rebuilt } = await restore(backup, identity, empty)
    const { restoring, publicLog, config } = open.site
    try {
      assert.equal(rebuilt, 'unproved')
      assert.match((await restoring.whyClosed())!, /the database was restored from a backup/)
      assert.equal(await readSigned(logFolder(config)), null, 'a backup is no proof')
      await assert.rejects(
        restoring.rebuild(null, TESTER, { create: false }),
        /no copy of the log.*--from.*--ends-here/,
      )
      // Nor does a backup from before the log began say that it didn't begin since.
      await runSql(
        empty.databaseUrl,
        `update log_state set signed = null, signed_note = null, published = null, published_note = null`,
      )
      await assert.rejects(
        restoring.rebuild(null, TESTER, { create: false }),
        /no copy of the log.*--from.*--ends-here/,
      )
      assert.ok(await restoring.whyClosed())
      assert.equal((await publicLog.status()).lastSigned, null)
    } finally {
      await open.close()
    }
  })

  it('a DATA_DIR that was copied back as well proves nothing', async () => {
    for (const copied of [old, beside]) {
      const { open, rebuilt } = await restore(backup, identity, await machine(copied))
      await open.close()
      assert.equal(rebuilt, 'unproved', copied)
    }
  })

  it('on the operator’s word it goes on from the backup', async () => {
    const { open, rebuilt } = await restore(backup, identity, await machine(), { endsHere: true })
    try {
      assert.equal(rebuilt, null)
      await untilOpen(open)
      await grow(open)
      assert.equal((await checkKept(open, [seenBefore])).size, seenBefore.size + 1)
    } finally {
      await open.close()
    }
  })

  it('a copy that is shorter than the backup is refused', async () => {
    const later = await backUp(harness, recipient)
    await assert.rejects(
      restore(later, identity, await machine(), { from: join(old, 'log') }),
      /the copy has \d+ entries, and \d+ were signed/,
    )
  })

  it('this machine remembers when its last backup was made', async () => {
    const last = (await readLastBackup(harness.site.config))!
    assert.ok(Math.abs(last.at.getTime() - Date.now()) < 600_000)
    assert.ok(last.bytes > 1000)
    assert.equal(await readLastBackup({ dataDir: temporaryFolder() }), null)
  })
})
