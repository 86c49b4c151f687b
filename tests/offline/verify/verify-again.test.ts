import assert from 'node:assert/strict'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { formatCheckpoint } from '../../../src/log/core/note/checkpoint.ts'
import { signerFromSeed } from '../../../src/log/core/note/node-ed25519.ts'
import { ED25519, formatVkey } from '../../../src/log/core/note/note-key.ts'
import { signNote } from '../../../src/log/core/note/sign-note.ts'
import { buildLog, logSigner, makeEntries } from '../../log/core/support/memory-log.ts'
import { type LogSite, startLogSite, verify, verifySite } from '../../support/log-site.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const entries = makeEntries(1000)
const whole = buildLog(entries)

describe('undersigned verify, run again', () => {
  let site: LogSite
  let folder: string
  let state: string
  beforeEach(async () => {
    folder = temporaryFolder()
    state = join(folder, 'state')
    site = await startLogSite(whole)
  })
  afterEach(async () => {
    await site.close()
  })

  const run = (options = {}) => verifySite(site.origin, { stateFolder: state, ...options })
  const command = (...args: string[]) => verify(site.origin, '--state', state, '--quiet', ...args)

  it('finds a log that was rewritten since the last run, and keeps both histories', async () => {
    assert.ok((await run()).ok)
    const rewritten = [...entries]
    rewritten[500] = entries[501]!
    site.log = buildLog([...rewritten, ...makeEntries(1010).slice(1000)])
    const forked = await run()
    assert.equal(forked.verdict, 'two-histories')
    assert.match(
      forked.text,
      /^NOT OK: two histories: the log does not begin with the 1,000 entries .*; evidence kept in \S+\.log\.json and \S+\.copy$/m,
    )
    assert.ok((await readdir(forked.evidence!)).includes('checkpoint'))
    site.log = buildLog(rewritten.slice(0, 900))
    const shorter = await run({ fresh: true })
    assert.equal(shorter.verdict, 'two-histories')
    assert.match(
      shorter.text,
      /: the log's 900 entries are not the first of the 1,000 verified here/,
    )
    site.log = buildLog(makeEntries(1300))
    const grown = await run({ fresh: true })
    assert.ok(grown.ok, grown.text)
    assert.match(grown.text, /It extends the 1,000 entries that were verified here on \d{4}-/)
  })

  it('tells a log that waits to be brought back after a restore from one that was rewritten', async () => {
    assert.ok((await run()).ok)
    for (const size of [0, 1, 256, 900]) {
      site.log = buildLog(entries.slice(0, size))
      const { verdict, text, evidence } = await run()
      assert.equal(verdict, 'rolled-back', text)
      assert.match(
        text,
        new RegExp(
          `^NOT OK: rolled back: the site shows an older state \\(${size} entries\\) of the same log than the 1,000 verified here on \\d{4}-\\d\\d-\\d\\d; .* "log rebuild"; try again later`,
          'm',
        ),
      )
      assert.doesNotMatch(text, /histories|rewritten|proof|evidence/)
      assert.equal(evidence, null)
    }
    const { code, out } = await command('--json')
    assert.equal(code, 1)
    assert.equal(JSON.parse(out).verdict, 'rolled-back')
    site.log = buildLog(makeEntries(1010))
    assert.equal((await run()).verdict, 'ok', 'brought back, it goes on from what was verified')
  })

  it('leaves a mirror as it was while its site shows an older state', async () => {
    const mirror = join(folder, 'mirror')
    assert.ok((await run({ keep: mirror })).ok)
    site.log = buildLog(entries.slice(0, 900))
    assert.equal((await run({ keep: mirror })).verdict, 'rolled-back')
    assert.deepEqual(await readFile(join(mirror, 'checkpoint')), Buffer.from(whole.checkpoint))
    assert.ok(
      (await verifySite(mirror, { stateFolder: state })).ok,
      'the site can be rebuilt from it',
    )
  })

  it('takes a shorter log for neither when the hashes of the longer one are gone or damaged', async () => {
    assert.ok((await run()).ok)
    const hashes = join(state, (await readdir(state)).find((name) => name.endsWith('.hashes'))!)
    site.log = buildLog(entries.slice(0, 900))
    const bytes = await readFile(hashes)
    bytes[32 * 950]! ^= 1
    for (const damage of [() => writeFile(hashes, bytes), () => rm(hashes)]) {
      await damage()
      const { verdict, text } = await run({ fresh: true })
      assert.equal(verdict, 'shrunk')
      assert.match(
        text,
        /shows 900 entries, fewer than the 1,000 .* their hashes are not kept here/,
      )
    }
  })

  it('says that a log is being restored when its site says so, and speaks of nothing worse', async () => {
    assert.ok((await run()).ok)
    const answer = (message: string) => {
      site.intercept = (path, response) => {
        if (!path.startsWith('/log/')) return false
        response
          .writeHead(503, { 'retry-after': '60', 'content-type': 'application/json' })
          .end(JSON.stringify({ statusCode: 503, error: 'Service Unavailable', message }))
        return true
      }
    }
    answer('the log is being restored from a backup: try again later')
    const { code, out, err } = await command('--json')
    assert.equal(code, 1)
    const { ok, verdict, faults } = JSON.parse(out)
    assert.deepEqual([ok, verdict], [false, 'restoring'])
    assert.match(faults[0], /^the site says that its log is being restored; try again later/)
    const words = await command()
    assert.equal(words.code, 1)
    assert.match(
      words.out,
      /^NOT OK: the site says that its log is being restored; try again later/,
    )
    assert.doesNotMatch(words.out + words.err + err, /histories|rewritten|proof|forge/)
    answer('the service is away for a moment')
    await assert.rejects(run(), /answers with status 503 \(the service is away for a moment\)/)
  })

  it('tells when the site hands out another key than before', async () => {
    assert.ok((await run()).ok)
    const other = signerFromSeed(logSigner.key.name, ED25519, new Uint8Array(32).fill(9))
    site.vkey = formatVkey(other.key)
    const { ok, text: out } = await run()
    assert.ok(!ok)
    assert.match(out, /hands out another key now/)
    const text = formatCheckpoint({ origin: other.key.name, size: 1000, root: whole.root })
    site.changed.set('checkpoint', signNote(text, [other]))
    assert.match((await run()).text, /the checkpoint is not signed by the key of this log/)
  })

  it('holds a copy, or the same log at another address, to what it knows of it', async () => {
    const copy = join(folder, 'copy')
    assert.ok((await run({ keep: copy })).ok)
    const other = signerFromSeed(logSigner.key.name, ED25519, new Uint8Array(32).fill(9))
    const moved = await startLogSite(whole)
    moved.vkey = formatVkey(other.key)
    const text = formatCheckpoint({ origin: other.key.name, size: 1000, root: whole.root })
    moved.changed.set('checkpoint', signNote(text, [other]))
    const answer = await verifySite(moved.origin, { stateFolder: state })
    await moved.close()
    assert.ok(!answer.ok)
    assert.match(answer.text, /is not signed by the key of this log/)
    site.log = buildLog(makeEntries(1300))
    assert.ok((await run({ fresh: true })).ok)
    const older = await verifySite(copy, { stateFolder: state })
    assert.ok(older.ok, `a copy may be older: ${older.text}`)
  })

  it('takes no damaged memory for an empty one', async () => {
    assert.ok((await run()).ok)
    const name = (await readdir(state)).find((each) => each.endsWith('.log.json'))!
    const text = await readFile(join(state, name), 'utf8')
    await writeFile(join(state, name), text.replace('1000', '1001'))
    await assert.rejects(run(), /is damaged: what it says of an earlier run can't be believed/)
  })
})
