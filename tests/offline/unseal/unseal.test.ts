import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from 'commander'
import { generateKey } from '../../../src/offline/unseal/generate-key.ts'
import { addUnsealCommands } from '../../../src/offline/unseal/unseal.commands.ts'
import { COLUMNS } from '../../../src/sealing/record/list-columns.ts'
import { typedNames } from '../../support/names.ts'
import { ownProgram } from '../../support/own-module.ts'
import { runProgram } from '../../support/program.ts'
import { readXlsx } from '../../support/read-xlsx.ts'
import { exportText, sealedLine } from '../../support/sealed-export.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

// Over 250 lines: opening, the command line and resealing are asked of the same sealed export.

const organiser = generateKey(new Date())
const stranger = generateKey(new Date())

const folder = temporaryFolder()
let key: string
let runs = 0
before(async () => {
  key = join(folder, 'key.txt')
  await writeFile(key, organiser.text)
  await writeFile(join(folder, 'other.txt'), stranger.text)
})

const seal = (fields: Parameters<typeof sealedLine>[0], options = {}) =>
  sealedLine(fields, [organiser.recipient], options)
const sealAll = (names: string[]) =>
  Promise.all(
    names.map((name, at) =>
      seal({ name, id: String(at + 1), normalisedEmail: `${at}@example.org`, comment: name }),
    ),
  )
const names = (list: Buffer | null) =>
  (JSON.parse(list!.toString()) as { name: string }[]).map(({ name }) => name)

async function save(text: string): Promise<{ file: string; out: string }> {
  const file = join(folder, `${++runs}.jsonl`)
  await writeFile(file, text)
  return { file, out: join(folder, `${runs}.out`) }
}

/** Runs the command line in this process. @returns what it ended with and said */
async function command(...line: string[]) {
  let errors = ''
  const stderr = { write: (text: string) => (errors += text) }
  const program = new Command('undersigned')
    .exitOverride()
    .configureOutput({ writeErr: stderr.write, writeOut: () => {} })
  addUnsealCommands(program, stderr)
  const error = await program.parseAsync(line, { from: 'user' }).then(
    () => null,
    (reason: Error) => reason,
  )
  const code = error ? (error instanceof CommanderError ? 2 : 1) : 0
  const left = (await readdir(folder)).filter((name) => name.endsWith('.part'))
  assert.deepEqual(left, [], 'nothing half-written stays')
  return { code, errors, message: error?.message ?? '' }
}

/** Runs a command on an export of that text. */
async function run(name: string, text: string, ...options: string[]) {
  const { file, out } = await save(text)
  const identity = options.includes('--identity') ? [] : ['--identity', key]
  const ended = await command(name, ...identity, file, '--out', out, ...options)
  return { ...ended, file, out, list: await readFile(out).catch(() => null) }
}

describe('opening an export', () => {
  it('gives back exactly what was typed, in every script, for its owner alone', async () => {
    const text = exportText(await sealAll(typedNames))
    const { code, list, out, message } = await run('unseal', text, '--format', 'json')
    assert.equal(code, 0, message)
    assert.deepEqual(names(list), typedNames)
    if (process.platform !== 'win32') assert.equal((await stat(out)).mode & 0o777, 0o600)
  })

  it('gives CSV and XLSX with the conventional columns, which run no formula', async () => {
    const text = exportText(await sealAll(['Leyla Əliyeva', '=SUM(A1:A9)', 'Madonna']))
    const { list: csv, errors, out } = await run('unseal', text)
    const [header, first, second, third] = csv!.toString().split('\r\n')
    assert.equal(header, COLUMNS.join(','))
    assert.match(first!, /^Leyla,Əliyeva,Leyla Əliyeva,Ann@Example.org,AZ,AZ1000,/)
    assert.match(second!, /^'=SUM\(A1:A9\),,'=SUM\(A1:A9\),/)
    assert.match(third!, /^Madonna,,Madonna,/)
    assert.equal(errors, `3 of 3 records opened, 3 written to ${out}.\n`)
    const { list: xlsx } = await run('unseal', text, '--format', 'xlsx')
    assert.equal(readXlsx(xlsx!).length, 4)
  })

  it("takes the format from the file's ending when none is given", async () => {
    const { file } = await save(exportText(await sealAll(['Ann'])))
    const out = join(folder, 'List.XLSX')
    assert.equal((await command('unseal', file, '--identity', key, '--out', out)).code, 0)
    assert.equal(readXlsx(await readFile(out)).length, 2)
  })

  it('tells by id what is wrong with a record, and writes the rest', async () => {
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
    const { code, errors, message, list, out } = await run('unseal', text, '--format', 'json')
    assert.equal(code, 1)
    assert.deepEqual(names(list), ['Good', 'Same Address'])
    assert.deepEqual(errors.trimEnd().split('\n'), [
      '1 damaged, left out: 2',
      '1 sealed to other keys than these, left out: 3',
      '1 not what the public log committed to, left out: 4',
      "2 in another record's or petition's place, left out: 6, 7",
      '1 no record at all, left out (line numbers): 8',
      '1 there twice, the second left out: 1',
      '1 with an address that signed before, kept: 9',
      `4 of 9 records opened, 2 written to ${out}.`,
    ])
    assert.match(message, /^8 problems/)
  })

  it('with another key says so and writes nothing', async () => {
    const text = exportText(await sealAll(['Ann']))
    const other = ['--identity', join(folder, 'other.txt')]
    const { code, message, list } = await run('unseal', text, ...other)
    assert.equal(code, 1)
    assert.match(message, /^no record in .* opens with this key/)
    assert.ok(message.includes(stranger.recipient))
    assert.equal(list, null)
  })
})

describe('the command line', () => {
  it('does not replace a list that is there unless asked', async () => {
    const { file, out } = await run('unseal', exportText(await sealAll(['Ann'])))
    const again = ['unseal', file, '--identity', key, '--out', out]
    const refused = await command(...again)
    assert.equal(refused.code, 1)
    assert.match(refused.message, /is there already.*--force/)
    assert.equal((await command(...again, '--force')).code, 0)
  })

  it('never writes over the export, over a key, or over what is no file', async () => {
    const { file, out } = await save(exportText(await sealAll(['Ann'])))
    for (const target of [file, key]) {
      const line = ['unseal', file, '--identity', key, '--force', '--out', target]
      const { code, errors } = await command(...line)
      assert.equal(code, 2)
      assert.match(errors, /is the same file as/)
    }
    const over = await command('unseal', file, '--identity', key, '--force', '--out', folder)
    assert.match(over.message, /is no plain file/)
    const nowhere = join(out, 'list.csv')
    const missing = await command('unseal', file, '--identity', key, '--out', nowhere)
    assert.match(missing.message, /its folder is not there/)
    assert.equal(await readFile(key, 'utf8'), organiser.text)
  })

  it('ends with 2 when it is used wrongly', async () => {
    const { file, out } = await save(exportText(await sealAll(['Ann'])))
    const all = ['--identity', key, '--out', out]
    for (const line of [
      ['unseal'],
      ['unseal', file],
      ['unseal', file, '--identity', key],
      ['unseal', file, ...all, '--format', 'pdf'],
      ['unseal', '-', ...all],
      ['unseal', file, '--identity', key, '--out', '-'],
      ['reseal', file, ...all],
      ['reseal', file, ...all, '--to', ' , '],
      ['reseal', file, ...all, '--to', `${stranger.recipient}x`],
    ]) {
      assert.equal((await command(...line)).code, 2, line.join(' '))
    }
    const secret = organiser.text.trim().split('\n').at(-1)!
    const { code, errors, message } = await command('reseal', file, ...all, '--to', secret)
    assert.equal(code, 2)
    assert.ok(!`${errors}${message}`.includes(secret.slice(-20)), 'a private key is not repeated')
  })

  it('names a key file that is of no use', async () => {
    const text = exportText(await sealAll(['Ann']))
    const bad = join(folder, 'bad.txt')
    for (const [content, why] of [
      ['', /holds no key/],
      ['AGE-SECRET-KEY-1QQQ\n', /is mistyped/],
      [`${organiser.recipient}\n`, /holds a public key/],
      ['-----BEGIN AGE ENCRYPTED FILE-----\n', /locked with a passphrase.*age --decrypt/],
      ['age-encryption.org/v1\n-> scrypt', /locked with a passphrase/],
      ['x'.repeat(200_000), /larger than 100 kB/],
    ] as const) {
      await writeFile(bad, content)
      const { code, message, list } = await run('unseal', text, '--identity', bad)
      assert.equal(code, 1)
      assert.match(message, why)
      assert.equal(list, null)
    }
    const { message } = await run('unseal', text, '--identity', join(folder, 'none.txt'))
    assert.match(message, /none.txt can't be read: it is not there/)
  })

  it('as a program needs no setting, takes a key from a pipe and ends with a code', async () => {
    const { file, out } = await save(exportText(await sealAll(typedNames)))
    const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))
    const line = ['unseal', file, '--identity', '-', '--format', 'json', '--out', out]
    const { status, stderr } = spawnSync(process.execPath, ownProgram(main, ...line), {
      input: organiser.text.replaceAll('\n', '\r\n'),
      encoding: 'utf8',
      env: { PATH: process.env.PATH, DATABASE_URL: 'nonsense', PORT: 'nonsense' },
    })
    assert.equal(status, 0, stderr)
    assert.deepEqual(names(await readFile(out)), typedNames)
    const options = ['--identity', join(folder, 'other.txt'), '--out', `${out}2`]
    const wrong = await runProgram(['unseal', file, ...options], {}).ended
    assert.equal(wrong.code, 1)
    assert.match(wrong.errors, /^undersigned: no record in [^\n]*\n$/)
  })
})

describe('resealing', () => {
  const other = () => ['--identity', join(folder, 'other.txt')]

  it('makes the same records open with the new keys, and no more with the old', async () => {
    const text = exportText(await sealAll(typedNames))
    const third = generateKey(new Date())
    const to = ['--to', `${stranger.recipient},${third.recipient}`, '--to', stranger.recipient]
    const { code, out, errors } = await run('reseal', text, ...to)
    assert.equal(code, 0, errors)
    assert.equal(errors, `14 of 14 records opened, sealed to 2 keys in ${out}.\n`)
    const resealed = await readFile(out, 'utf8')
    assert.equal((await run('unseal', resealed)).code, 1)
    const again = await run('unseal', resealed, '--format', 'json', ...other())
    const before = await run('unseal', text, '--format', 'json')
    assert.deepEqual(again.list, before.list)
  })

  it('changes nothing but what is sealed, and keeps what it can not open', async () => {
    const [one, foreign] = [await seal({ id: '1' }), await sealedLine({ id: '2' }, [third])]
    const mismatched = { ...JSON.parse(await seal({ id: '3', normalisedEmail: 'c@d.org' })) }
    mismatched.commitment = Buffer.alloc(32).toString('base64')
    const broken = '{"id":"4","index":\u00e9'
    const lines = [one, foreign, JSON.stringify(mismatched), broken]
    const text = exportText(lines).replace('"checkpoint":null', '"checkpoint":"— origin\\n"')
    const { code, errors, out } = await run('reseal', text, '--to', stranger.recipient)
    assert.equal(code, 1)
    assert.match(errors, /^1 sealed to other keys than these, kept as they were: 2$/m)
    assert.match(errors, /^1 no record at all, kept as they were \(line numbers\): 5$/m)
    const after = (await readFile(out, 'utf8')).split('\n')
    assert.equal(after[0], text.split('\n')[0])
    assert.deepEqual([after[2], after[4], after[5]], [foreign, broken, ''])
    for (const at of [1, 3]) {
      const { sealed: _, ...line } = JSON.parse(after[at]!)
      const { sealed: __, ...was } = JSON.parse(lines[at - 1]!)
      assert.deepEqual(line, was)
    }
    const reread = await run('unseal', after.join('\n'), '--format', 'json', ...other())
    assert.match(reread.errors, /^1 not what the public log committed to, left out: 3$/m)
    assert.match(reread.errors, /^1 sealed to other keys than these, left out: 2$/m)
  })
  const third = generateKey(new Date()).recipient

  it('with the wrong key, or of a file that was cut, writes nothing', async () => {
    const text = exportText(await sealAll(['Ann', 'Bob']))
    const to = ['--to', stranger.recipient]
    const wrong = await run('reseal', text, ...to, ...other())
    assert.match(wrong.message, /opens with this key/)
    const cut = await run('reseal', text.slice(0, -400), ...to)
    assert.match(cut.message, /is not whole/)
    assert.deepEqual([wrong.list, cut.list], [null, null])
  })
})
