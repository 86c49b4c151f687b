import assert from 'node:assert/strict'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { formatNote, parseNote } from '../../../src/log/core/note/note.ts'
import { formatVkey } from '../../../src/log/core/note/note-key.ts'
import { addSignatures, cosign } from '../../../src/log/core/note/sign-note.ts'
import { formatTlogProof } from '../../../src/log/core/tlog-proof.ts'
import { proveInclusion } from '../../../src/log/core/tree/prove-inclusion.ts'
import { buildLog, makeEntries, witness } from '../../log/core/support/memory-log.ts'
import { type LogSite, startLogSite, verify, verifySite, vkey } from '../../support/log-site.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

// Over 250 lines: a list of what the command finds in one log, which share that log and its site.

const entries = makeEntries(1000)
const whole = buildLog(entries)

describe('undersigned verify', () => {
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

  it('says in plain words that a good log is good, and what it counts', async () => {
    site.waiting['cop29-baku'] = 6
    const { ok, text: out } = await run()
    assert.ok(ok, out)
    assert.match(
      out,
      /^clean-water: \d+ signatures, recomputed from the log; the site shows the same$/m,
    )
    assert.match(
      out,
      /^cop29-baku: \d+ signatures, .*; the site shows \d+: 6 that just arrived are not yet in the log$/m,
    )
    assert.ok(out.includes(`The log has 1,000 entries, certified by ${vkey}`))
    assert.match(out, /^OK: nothing in the log was changed/m)
    assert.deepEqual((await readdir(state)).filter((name) => name.endsWith('.log.json')).length, 1)
  })

  it('finds a changed byte of every kind of file, and says where it is', async () => {
    const cases: [string, number, RegExp][] = [
      ['checkpoint', 30, /NOT OK: the checkpoint/],
      ['tile/0/001', 100, /tile\/0\/001: hash 3 does not follow from the entries/],
      ['tile/0/003.p/232', 0, /tile\/0\/003\.p\/232: hash 0 does not follow/],
      ['tile/1/000.p/3', 40, /tile\/1\/000\.p\/3: hash 1 does not follow/],
      ['tile/entries/002', 700, /tile\/entries\/002: entry 5\d\d is/],
    ]
    for (const [path, at, expected] of cases) {
      const bytes = Uint8Array.from(
        path === 'checkpoint' ? whole.checkpoint : whole.files.get(path)!,
      )
      bytes[at]! ^= 1
      site.changed = new Map([[path, bytes]])
      const { ok, text } = await run({ fresh: true })
      assert.ok(!ok, path)
      assert.match(text, expected)
    }
    site.changed = new Map([['tile/entries/001', null]])
    assert.match((await run({ fresh: true })).text, /NOT OK: tile\/entries\/001 is missing/)
  })

  it('goes on where a download was interrupted', async () => {
    let answered = 0
    site.intercept = (path, response) => {
      if (!path.startsWith('/log/tile/') || ++answered <= 4) return false
      response.writeHead(403).end()
      return true
    }
    await assert.rejects(run(), /answers with status 403/)
    site.intercept = null
    const before = new Set(site.asked.filter((path) => path.startsWith('/log/tile/')).slice(0, 4))
    site.asked = []
    assert.ok((await run()).ok)
    assert.ok(!site.asked.some((path) => before.has(path)), 'nothing is asked for twice')
  })

  it('holds what the site says against the log', async () => {
    site.waiting['clean-water'] = 5000
    const { ok, text } = await run()
    assert.ok(!ok)
    assert.match(text, /clean-water: the site shows \d+, and the log certifies no more than \d+/)
    site.waiting = {}
    site.intercept = (path, response) => {
      if (path !== '/api/v1/petitions') return false
      const log = { certified: 700, size: 1000, interval: 5 }
      const petitions = [{ slug: 'clean-water', signatures: { counted: 700 }, log }]
      response.end(JSON.stringify({ petitions }))
      return true
    }
    const other = await run()
    assert.match(
      other.text,
      /clean-water: the site says that the log certifies 700, and it certifies/,
    )
    assert.match(other.text, /cop29-baku: the log counts it, and the site does not list it/)
  })

  it('demands a witness when it is asked to', async () => {
    const without = await run({ witnesses: [witness.key] })
    assert.ok(!without.ok)
    assert.match(without.text, /the witness witness\.example has not signed this checkpoint/)
    const signature = cosign(whole.checkpointText, witness, 1_700_000_000)
    site.changed.set(
      'checkpoint',
      formatNote(addSignatures(parseNote(whole.checkpoint), [signature])),
    )
    const { ok, text: seen } = await run({ witnesses: [witness.key] })
    assert.ok(ok, seen)
    assert.match(seen, /Witness witness\.example signed it at 2023-11-14T22:13:20/)
  })

  it('verifies a folder, also one that lacks the partial files that grew', async () => {
    const copy = join(folder, 'copy')
    assert.ok((await run({ keep: copy })).ok)
    assert.ok((await verifySite(copy, { stateFolder: state })).ok)
    const larger = buildLog(makeEntries(1024))
    for (const [path, bytes] of larger.files) {
      if (path.includes('.p/')) continue
      await mkdir(dirname(join(copy, path)), { recursive: true })
      await writeFile(join(copy, path), bytes)
    }
    await rm(join(copy, 'tile/0/003.p'), { recursive: true })
    await rm(join(copy, 'tile/entries/003.p'), { recursive: true })
    assert.ok((await verifySite(copy, { stateFolder: state })).ok, 'cut from what is wider')
    await assert.rejects(verifySite(folder, { stateFolder: state }), {
      message: /is no folder with a log's "checkpoint" in it, and no address/,
    })
  })

  it('refuses a folder whose key is no UTF-8, and names what to do', async () => {
    const copy = join(folder, 'copy')
    assert.ok((await run({ keep: copy })).ok)
    const asUtf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(vkey, 'utf16le')])
    const spoilt = Buffer.from(`${vkey}\n`)
    spoilt[3] = 0xe9
    for (const bytes of [asUtf16, spoilt]) {
      await writeFile(join(copy, 'vkey'), bytes)
      for (const more of [[], ['--vkey', vkey]]) {
        const { code, out, err } = await verify(copy, '--state', state, ...more)
        assert.deepEqual([code, out], [1, ''])
        assert.match(err, /the file "vkey" of \S*copy is not UTF-8: .* save it as UTF-8\n$/)
      }
    }
  })

  it('passes over keys of types from after this program, and says so', async () => {
    const copy = join(folder, 'copy')
    assert.ok((await run({ keep: copy })).ok)
    const later = `later.example+0a1b2c3d+${Buffer.from([6, ...new Uint8Array(1312)]).toString('base64')}`
    for (const text of [`${later}\n${vkey}\n`, `${vkey}\r\n\r\n${later}`]) {
      await writeFile(join(copy, 'vkey'), text)
      const { code, err } = await verify(copy, '--state', join(folder, 'new'))
      assert.equal(code, 0)
      assert.match(err, /Warning: of the log's keys one is passed over: .*later\.example/)
    }
    await writeFile(join(copy, 'vkey'), `${later}\n`)
    const none = await verify(copy, '--state', join(folder, 'newer'))
    assert.equal(none.code, 1)
    assert.match(none.err, /hands out no key of a type that is known here: give it with --vkey/)
    assert.equal((await verify(copy, '--state', state, '--vkey', vkey)).code, 0)
  })

  it('gives no verdict without a witness that is demanded, whatever its key is', async () => {
    const given = formatVkey(witness.key)
    const slip = given.replace(/\+B(?=[^+]*$)/, '+C')
    const later = `later.example+0a1b2c3d+${Buffer.from([6, ...new Uint8Array(1312)]).toString('base64')}`
    const cases: [string, RegExp][] = [
      [slip, /mistyped: its key ID is that of a key of type 4, not 8/],
      [
        slip.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
        /is of type 8, .*is it mistyped\?\. Compare it/,
      ],
      [later, /later\.example\+0a1b2c3d is of type 6, which isn't known here.* a newer release/],
      [given.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), /mistyped: the key ID of its content is/],
    ]
    for (const [key, why] of cases) {
      for (const more of [[], ['--json'], ['--witness', given]]) {
        const { code, out, err } = await command('--witness', key, ...more)
        assert.deepEqual([code, out], [2, ''], key)
        assert.match(err, why)
      }
    }
    const receipt = join(folder, 'r')
    assert.equal((await verify('--receipt', receipt, '--witness', later)).code, 2)
    assert.deepEqual(site.asked, [])
  })

  it('checks a receipt without a network, by the key it has seen', async () => {
    const index = 700
    const receipt = formatTlogProof({
      extra: entries[index]!,
      index,
      hashes: await proveInclusion(index, 1000, whole.getTile),
      checkpoint: whole.checkpoint,
    })
    const file = join(folder, 'receipt.tlog-proof')
    await writeFile(file, receipt)
    const check = (...more: string[]) => verify('--receipt', file, '--state', state, ...more)
    const unknown = await check()
    assert.equal(unknown.code, 1)
    assert.match(
      unknown.err,
      /nothing is known of the log log\.example\/petitions: verify its site/,
    )
    const given = await check('--vkey', vkey)
    assert.equal(given.code, 0, given.out + given.err)
    assert.match(given.out, /^Entry 700 of the log log\.example\/petitions is a signature under /)
    assert.ok((await run()).ok)
    await site.close()
    assert.equal((await check()).code, 0)
    const changed = Uint8Array.from(receipt)
    changed[receipt.length - 30]! ^= 1
    await writeFile(file, changed)
    const bad = await check()
    assert.equal(bad.code, 1)
    assert.match(bad.out, /^NOT OK: /)
    site = await startLogSite(whole)
  })

  it('speaks JSON to scripts, and lets nothing from a server move the terminal', async () => {
    const { out } = await command('--json')
    const verdict = JSON.parse(out)
    assert.equal(verdict.ok, true)
    assert.equal(verdict.size, 1000)
    site.intercept = (path, response) => {
      if (path !== '/api/v1/petitions') return false
      const log = { certified: 1, size: 1000, interval: 5 }
      const petitions = [{ slug: 'a\u001b[2Jb', signatures: { counted: 1 }, log }]
      response.end(JSON.stringify({ petitions }))
      return true
    }
    const evil = await command()
    assert.equal(evil.code, 1)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    assert.doesNotMatch(evil.out + evil.err, /\x1b/)
  })

  it('explains wrong use', async () => {
    assert.equal((await verify()).code, 2)
    assert.equal((await verify(site.origin, '--receipt', 'x')).code, 2)
    assert.equal((await verify(site.origin, '--witness', vkey)).code, 2)
  })
})
