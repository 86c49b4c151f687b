import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { generateKey } from '../../src/sealing/keys/generate-key.ts'
import { COLUMNS } from '../../src/sealing/unseal/list/list-columns.ts'
import { readXlsx } from '../export/read-xlsx.ts'
import { typedNames } from '../support/names.ts'
import { runProgram } from '../support/program.ts'
import { exportText, sealedLine } from '../support/sealed-export.ts'

const organiser = generateKey(new Date())
const stranger = generateKey(new Date())

describe('opening an export offline', () => {
  let folder: string
  let runs = 0
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undersigned-'))
    await writeFile(join(folder, 'key.txt'), organiser.text)
    await writeFile(join(folder, 'other.txt'), stranger.text)
  })
  after(() => rm(folder, { recursive: true }))

  const seal = (fields: Parameters<typeof sealedLine>[0], options = {}) =>
    sealedLine(fields, [organiser.recipient], options)
  const sealAll = (names: string[]) =>
    Promise.all(
      names.map((name, at) =>
        seal({ name, id: String(at + 1), normalisedEmail: `${at}@example.org`, comment: name }),
      ),
    )

  /** Runs the command as an organiser would, with no setting in the environment. */
  async function run(command: string, text: string, ...options: string[]) {
    const file = join(folder, `${++runs}.jsonl`)
    const out = join(folder, `${runs}.out`)
    await writeFile(file, text)
    const identity = options.includes('--identity') ? [] : ['--identity', join(folder, 'key.txt')]
    const ended = await runProgram([command, file, '--out', out, ...identity, ...options], {}).ended
    const left = (await readdir(folder)).filter((name) => name.endsWith('.part'))
    assert.deepEqual(left, [], 'nothing half-written stays')
    return { ...ended, out, list: await readFile(out).catch(() => null) }
  }
  const names = (list: Buffer | null) =>
    (JSON.parse(list!.toString()) as { name: string }[]).map(({ name }) => name)

  it('JSON gives back exactly what was typed, in every script', async () => {
    const text = exportText(await sealAll(typedNames))
    const { code, list, out, errors } = await run('unseal', text, '--format', 'json')
    assert.equal(code, 0, errors)
    assert.deepEqual(names(list), typedNames)
    if (process.platform !== 'win32') assert.equal((await stat(out)).mode & 0o777, 0o600)
  })

  it('CSV and XLSX have the conventional columns and run no formula', async () => {
    const text = exportText(await sealAll(['Leyla Əliyeva', '=SUM(A1:A9)', 'Madonna']))
    const { list: csv } = await run('unseal', text)
    const [header, first, second, third] = csv!.toString().split('\n')
    assert.equal(header, COLUMNS.join(','))
    assert.match(first!, /^Leyla,Əliyeva,Leyla Əliyeva,Ann@Example.org,AZ,AZ1000,/)
    assert.match(second!, /^'=SUM\(A1:A9\),,'=SUM\(A1:A9\),/)
    assert.match(third!, /^Madonna,,Madonna,/)
    const { list: xlsx } = await run('unseal', text, '--format', 'xlsx')
    const rows = await readXlsx(xlsx!)
    assert.deepEqual(
      rows[0]!.map(({ value }) => value),
      [...COLUMNS],
    )
    assert.equal(rows.length, 4)
  })

  it('a wrong key says so and writes nothing', async () => {
    const text = exportText(await sealAll(['Ann']))
    const { code, errors, list } = await run(
      'unseal',
      text,
      '--identity',
      join(folder, 'other.txt'),
    )
    assert.equal(code, 1)
    assert.match(errors, /^undersigned: no record in .* opens with this key/m)
    assert.equal(list, null)
  })

  it('a file that was cut says so and writes nothing, unless asked for what is there', async () => {
    const whole = exportText(await sealAll(['Ann', 'Bob', 'Cem']))
    const atLineEnd = whole.trimEnd().split('\n').slice(0, 3).join('\n')
    for (const cut of [whole.slice(0, -300), `${atLineEnd}\n`]) {
      const { code, errors, list } = await run('unseal', cut)
      assert.equal(code, 1, errors)
      if (cut.endsWith('\n')) assert.match(errors, /is not whole: .* 3 records and has 2/)
      if (cut.endsWith('\n')) assert.equal(list, null)
    }
    const { code, list } = await run('unseal', `${atLineEnd}\n`, '--salvage', '--format', 'json')
    assert.equal(code, 0)
    assert.deepEqual(names(list), ['Ann', 'Bob'])
  })

  it('what is wrong with a record is told by its id, and the rest is written', async () => {
    const [good, flipped, other] = await Promise.all([
      seal({ id: '1', name: 'Good' }),
      seal({ id: '2', normalisedEmail: 'two@example.org' }),
      sealedLine({ id: '3' }, [stranger.recipient]),
    ])
    const changed = JSON.parse(flipped)
    const bytes = Buffer.from(changed.sealed, 'base64')
    bytes[bytes.length - 5]! ^= 1
    const mismatched = JSON.parse(await seal({ id: '4', normalisedEmail: 'four@example.org' }))
    mismatched.commitment = Buffer.alloc(32).toString('base64')
    const text = exportText([
      good,
      JSON.stringify({ ...changed, sealed: bytes.toString('base64') }),
      other,
      JSON.stringify(mismatched),
      await seal({ id: '5' }, { id: '6' }),
      await seal({ id: '7', slug: 'another-petition' }),
      '{"id":"8","index":nu',
      good,
      await seal({ id: '9', name: 'Same Address' }),
    ])
    const { code, errors, list } = await run('unseal', text, '--format', 'json')
    assert.equal(code, 1)
    assert.deepEqual(names(list), ['Good', 'Same Address'])
    assert.match(errors, /^1 damaged, left out: 2$/m)
    assert.match(errors, /^1 sealed to other keys than these, left out: 3$/m)
    assert.match(errors, /^1 not what the public log committed to, left out: 4$/m)
    assert.match(errors, /^2 in another record's or petition's place, left out: 6, 7$/m)
    assert.match(errors, /^1 no record at all, left out \(line numbers\): 8$/m)
    assert.match(errors, /^1 there twice, the second left out: 1$/m)
    assert.match(errors, /^1 with an address that signed before, kept: 9$/m)
    assert.match(errors, /^undersigned: 7 records are not in /m)
  })

  it('a list that is there is not replaced unless asked', async () => {
    const text = exportText(await sealAll(['Ann']))
    const { out } = await run('unseal', text)
    const file = join(folder, `${runs}.jsonl`)
    const key = join(folder, 'key.txt')
    const again = ['unseal', file, '--identity', key, '--out', out]
    const refused = await runProgram(again, {}).ended
    assert.equal(refused.code, 1)
    assert.match(refused.errors, /is there already.*--force/)
    assert.equal((await runProgram([...again, '--force'], {}).ended).code, 0)
  })

  it('what is no export and what is no key are named', async () => {
    for (const text of ['', 'hello\n', '{"format":"other"}\n']) {
      const { code, errors } = await run('unseal', text)
      assert.equal(code, 1)
      assert.match(errors, /is no export of sealed records/)
    }
    const text = exportText(await sealAll(['Ann']))
    for (const [content, why] of [
      ['', /holds no key/],
      ['AGE-SECRET-KEY-1QQQ\n', /is mistyped/],
      ['-----BEGIN AGE ENCRYPTED FILE-----\n', /locked with a passphrase/],
    ] as const) {
      await writeFile(join(folder, 'bad.txt'), content)
      const { code, errors, list } = await run(
        'unseal',
        text,
        '--identity',
        join(folder, 'bad.txt'),
      )
      assert.equal(code, 1)
      assert.match(errors, why)
      assert.equal(list, null)
    }
    const usage = await runProgram(['unseal'], {}).ended
    assert.equal(usage.code, 2)
  })

  it('resealed records open with the new key alone, and are the same', async () => {
    const text = exportText(await sealAll(typedNames))
    const { code, out, errors } = await run('reseal', text, '--to', stranger.recipient)
    assert.equal(code, 0, errors)
    const resealed = await readFile(out, 'utf8')
    assert.equal((await run('unseal', resealed)).code, 1, 'the old key opens nothing')
    const other = ['--identity', join(folder, 'other.txt')]
    const { list } = await run('unseal', resealed, '--format', 'json', ...other)
    assert.deepEqual(names(list), typedNames)
  })

  it('keys generate prints a key once, with advice, or writes it for its owner alone', async () => {
    const printed = await runProgram(['keys', 'generate'], {}).ended
    assert.match(
      printed.output,
      /^# created: .*\n# public key: age1\w{58}\nAGE-SECRET-KEY-1\w{58}\n$/,
    )
    assert.match(printed.errors, /If all keys are lost, nobody can/)
    const out = join(folder, 'made.txt')
    assert.equal((await runProgram(['keys', 'generate', '--out', out], {}).ended).code, 0)
    if (process.platform !== 'win32') assert.equal((await stat(out)).mode & 0o777, 0o600)
    const again = await runProgram(['keys', 'generate', '--out', out], {}).ended
    assert.equal(again.code, 1)
    assert.match(again.errors, /never overwritten/)
  })
})
