import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { logFolder } from '../../src/log/log-folder.ts'
import type { Draw } from '../../src/offline/audit/draw-file.ts'
import { demoKeyFile } from '../../src/sealing/demo-key.ts'
import type { OpenedFile } from '../../src/sealing/record/opened-file.ts'
import { voidSignatures } from '../../src/signature/void-signatures.ts'
import { addBacklog } from '../support/backlog.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { exportSealed } from '../support/open-export.ts'
import { runProgram } from '../support/program.ts'
import { signAndConfirm, withdraw } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { TESTER } from '../support/tester.ts'

// Over 250 lines: one audit, told in order; each step needs the draw and the records of those before.

const SIGNERS = 10
const DRAWN = 6

describe('a random-sample audit', () => {
  const harness = useHarness()
  const folder = temporaryFolder()
  let draw: Draw
  let opened: OpenedFile
  const at = (name: string) => join(folder, name)
  const run = (...line: string[]) => runProgram(line, {}).ended

  before(async () => {
    const petition = await getDemo(harness)
    for (let signer = 0; signer < SIGNERS - 1; signer++) {
      await signAndConfirm(harness, { email: `Signer.${signer}@example.org` })
    }
    await signAndConfirm(harness, { email: `signer-${petition.id}-0@example.org` })
    await harness.sequence()
    const checkpoint = await fetch(`${harness.origin}/log/checkpoint`)
    await writeFile(at('checkpoint.txt'), Buffer.from(await checkpoint.arrayBuffer()))
    // A later signature is not part of what the checkpoint promised.
    await signAndConfirm(harness, { email: 'later@example.org' })
    await harness.sequence()
    // A site that cheats counts a mailbox again, past the check that its forms make.
    const { db, keyring } = harness.site
    await addBacklog(db, keyring, { petitionId: petition.id, count: 1 })
    await harness.sequence()
  })

  const drawWith = (out: string, ...options: string[]) =>
    run('audit', 'draw', harness.origin, '--petition', DEMO, '--out', at(out), ...options)
  function unseal(only: string, out: string) {
    const key = demoKeyFile(harness.site.config.dataDir)
    const options = ['--identity', key, '--only', at(only), '--format', 'audit', '--out', at(out)]
    return run('unseal', at('export.jsonl'), ...options)
  }
  const check = (...options: string[]) =>
    run('audit', 'check', at('opened.json'), '--draw', at('draw.json'), ...options)
  const checkLive = (...options: string[]) => check('--log', harness.origin, ...options)

  it('draws from the checkpoint that was published before', async () => {
    const options = ['--random', 'drand 4242', '--count', `${DRAWN}`]
    const kept = ['--checkpoint', at('checkpoint.txt')]
    const { code, output, errors } = await drawWith('draw.json', ...options, ...kept)
    assert.equal(code, 0, errors)
    assert.match(output, /^Log verified: 17 entries of petitions\.test\/log\.$/m)
    assert.match(output, /^Drawn: 6 of the 10 signatures of cop29-baku that counted at 15 entries/m)
    assert.match(output, /unseal signatures\.jsonl .* --only .*draw\.json --format audit/)
    assert.doesNotMatch(output, /checkpoint of now/)
    draw = JSON.parse(await readFile(at('draw.json'), 'utf8'))
    assert.equal(new Set(draw.indexes).size, DRAWN)
    assert.ok(draw.indexes.every((index) => index >= 5 && index < 15))
    const again = await drawWith('again.json', ...options, ...kept)
    assert.equal(again.code, 0)
    assert.deepEqual(await readFile(at('again.json')), await readFile(at('draw.json')))
    const now = await drawWith('now.json', ...options)
    assert.match(now.output, /This is the checkpoint of now/)
  })

  it('opens these records and no others, from an export made later', async () => {
    await writeFile(at('export.jsonl'), `${(await exportSealed(harness)).join('\n')}\n`)
    const { code, errors } = await unseal('draw.json', 'opened.json')
    assert.equal(code, 0, errors)
    opened = JSON.parse(await readFile(at('opened.json'), 'utf8'))
    const indexes = opened.records.map(({ index }) => index)
    assert.deepEqual(numeric(indexes), numeric(draw.indexes))
  })

  it('concludes in one sentence, on the live log and on a copy alike', async () => {
    const live = await checkLive()
    assert.equal(live.code, 0, live.errors)
    assert.match(live.output, /^Good: 6\nBad: 0$/m)
    assert.match(
      live.output,
      /^With 95 % confidence fewer than 40 % of the 10 signatures are bad\.$/m,
    )
    const copy = await check('--log', logFolder(harness.site.config))
    assert.equal(copy.output, live.output)
    const more = await checkLive('--confidence', '0.99')
    assert.match(more.output, /^With 99 % confidence fewer than 54 %/m)
  })

  it('counts what the auditor found, and gives scripts the same', async () => {
    const bad = draw.indexes.slice(0, 2)
    const { code, output } = await checkLive('--bad', bad.join(), '--json')
    assert.equal(code, 0)
    const result = JSON.parse(output)
    assert.equal(result.ok, true)
    assert.deepEqual(result.bad, { found: bad, voided: [], notShown: [], duplicate: [] })
    assert.equal(result.good, 4)
    assert.ok(result.bound > 0.7 && result.bound < 0.75)
    assert.equal(output.trimEnd().split('\n').length, 1)
  })

  it('counts as bad a signature that is not shown, and one of a mailbox that signed before', async () => {
    const [first, second, ...others] = opened.records
    const { output } = await checkChanged({ records: [second!, ...others] })
    assert.match(output, new RegExp(`1 not shown, and not withdrawn either: ${first!.index}$`, 'm'))
    await drawWith('all.json', '--random', 'x', '--count', `${SIGNERS + 2}`)
    assert.match(
      (await unseal('all.json', 'all-opened.json')).errors,
      /1 with an address that signed before/,
    )
    const line = [at('all-opened.json'), '--draw', at('all.json'), '--log', harness.origin]
    const all = await run('audit', 'check', ...line)
    assert.equal(all.code, 0, all.errors)
    assert.match(all.output, /^Good: 11\nBad: 1\n {2}1 by somebody who signed before: 16$/m)
  })

  it('refuses records that the log did not commit to, each by its number', async () => {
    const [first, second, third, ...others] = opened.records
    const { code, output, errors } = await checkChanged({
      records: [
        { ...first!, name: 'Somebody \u001b[31mElse' },
        { ...second!, email: 'friend-of-ours@example.org' },
        { ...third!, r: others[0]!.r },
        ...others,
        others[0]!,
        { ...others[1]!, index: 4711 },
      ],
    })
    assert.equal(code, 1)
    assert.deepEqual(output.trimEnd().split('\n'), [
      `entry ${first!.index} is not what the public log committed to`,
      `entry ${second!.index} has an address to write to that is not the one committed to`,
      `entry ${third!.index} is not what the public log committed to`,
      `entry ${others[0]!.index} is shown twice`,
      'entry 4711 was not drawn',
    ])
    assert.match(errors, /^undersigned: 5 opened records do not fit the log or the draw.*\n$/)
    const json = await checkChanged({ records: [{ ...first!, id: '99' }] }, '--json')
    assert.equal(json.code, 1)
    assert.deepEqual(JSON.parse(json.output).mismatches, [
      { index: first!.index, mismatch: 'other record' },
    ])
  })

  it('refuses a draw that somebody chose', async () => {
    const swapped = [...draw.indexes]
    swapped[0] = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14].find((index) => !swapped.includes(index))!
    for (const [changes, why] of [
      [{ indexes: swapped }, /is not what its checkpoint and its random value "drand 4242" give/],
      [{ random: 'drand 4243' }, /its random value "drand 4243" give/],
      [{ population: 11 }, /is not what its checkpoint/],
      [{ k: 5 }, /is not what its checkpoint/],
      [{ checkpoint: draw.checkpoint.replace('\n15\n', '\n16\n') }, /its signature is false/],
      [{ checkpoint: 'none' }, /it is no checkpoint/],
      [{ vkey: `${draw.vkey.slice(0, -2)}A=` }, /the draw is of another log/],
      [{ petition: 'other' }, /the opened records are of cop29-baku, the draw is of other/],
      [{ random: '\u001b[2J' }, /is no draw/],
      [{ indexes: ['5'] }, /is no draw/],
    ] as const) {
      await writeFile(at('changed.json'), JSON.stringify({ ...draw, ...changes }))
      const line = [at('opened.json'), '--draw', at('changed.json'), '--log', harness.origin]
      const { code, errors } = await run('audit', 'check', ...line)
      assert.equal(code, 1)
      assert.match(errors, why)
      assert.equal(errors.trimEnd().split('\n').length, 1)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not come through
      assert.doesNotMatch(errors, /\u001b/)
    }
  })

  it('refuses a log whose history was changed, or is older than the checkpoint', async () => {
    const log = logFolder(harness.site.config)
    const bundle = join(log, 'tile/entries/000.p/17')
    const before = await readFile(bundle)
    const changed = Buffer.from(before)
    changed[changed.length - 3]! ^= 1
    await writeFile(bundle, changed)
    const { code, errors } = await check('--log', log)
    await writeFile(bundle, before)
    assert.equal(code, 1)
    assert.match(errors, /^undersigned: the log at .* can't be believed: .*\n$/)
    await writeFile(at('later.json'), '{}')
    const late = await drawWith(
      'x.json',
      '--random',
      'x',
      '--count',
      '1',
      '--checkpoint',
      at('later.json'),
    )
    assert.match(late.errors, /the kept checkpoint is not one of the log at/)
  })

  it('is used wrongly with 2, and mixed up with 1', async () => {
    assert.equal((await drawWith('x.json', '--random', ' x', '--count', '1')).code, 2)
    assert.equal((await drawWith('x.json', '--random', 'x', '--count', '0')).code, 2)
    assert.equal((await checkLive('--confidence', '1')).code, 2)
    const many = await drawWith('x.json', '--random', 'x', '--count', '13')
    assert.equal(many.code, 1)
    assert.match(many.errors, /13 can't be drawn: only 12 signatures of cop29-baku/)
    const taken = await drawWith('draw.json', '--random', 'x', '--count', '1')
    assert.match(taken.errors, /is there already/)
    assert.match((await checkLive('--bad', '4711')).errors, /were not drawn: 4711/)
    const elsewhere = await run(
      'audit',
      'check',
      at('opened.json'),
      '--draw',
      at('draw.json'),
      '--log',
      folder,
    )
    assert.match(elsewhere.errors, /is no folder with a log's "checkpoint" in it/)
    const swapped = await run(
      'audit',
      'check',
      at('draw.json'),
      '--draw',
      at('draw.json'),
      '--log',
      folder,
    )
    assert.match(swapped.errors, /is no undersigned-opened\/1 file/)
  })

  it('leaves out signatures withdrawn since, and says what that could hide; a voided one is bad', async () => {
    const [left, voided, ...others] = opened.records
    await withdraw(harness, left!.email)
    const { db } = harness.site
    const petition = await getDemo(harness)
    await db
      .transaction()
      .execute((trx) =>
        voidSignatures(trx, { ...harness.site, by: TESTER }, petition, [voided!.index], 'bot'),
      )
    await harness.sequence()
    const { code, output } = await checkChanged({ records: others })
    assert.equal(code, 0)
    assert.match(output, new RegExp(`^Left since, and out of the sample: 1: ${left!.index}$`, 'm'))
    assert.match(output, new RegExp(`1 voided by the organisers after .*: ${voided!.index}$`, 'm'))
    assert.match(output, /^Good: 4\nBad: 1$/m)
    assert.match(output, /^With 95 % confidence fewer than 66 % of the 10 signatures are bad\.$/m)
    assert.match(output, /were those that left since bad, too, it would be fewer than 73 %\.$/m)
  })

  async function checkChanged(changes: Partial<OpenedFile>, ...options: string[]) {
    await writeFile(at('changed.json'), JSON.stringify({ ...opened, ...changes }))
    const line = [at('changed.json'), '--draw', at('draw.json'), '--log', harness.origin]
    return run('audit', 'check', ...line, ...options)
  }
})

const numeric = (indexes: readonly number[]) => [...indexes].sort((a, b) => a - b)
