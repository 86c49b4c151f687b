import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { before, describe, it } from 'node:test'
import { addDeliverCommands } from '../../src/commands/deliver.ts'
import { hashContent } from '../../src/petition/files/petition-text.ts'
import { DEMO, getDemo, STORY_LANGUAGES } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { demoIdentity, openExport } from '../support/open-export.ts'
import { runProgram } from '../support/program.ts'
import { readZip } from '../support/read-zip.ts'
import { runCommand } from '../support/run-command.ts'
import { signAndConfirm } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('a petition that is delivered', () => {
  const harness = useHarness()
  const folder = temporaryFolder()
  const out = join(folder, 'pack.zip')
  const kept = join(folder, 'pack-for-organisers-only.zip')
  const deliver = (...line: string[]) =>
    runCommand(harness.site, addDeliverCommands, [
      ...['deliver', 'pack', DEMO, '--out', out, '--yes', ...line],
    ])
  let pack: Awaited<ReturnType<typeof readZip>>
  const text = (path: string) => pack.files.get(path)!.toString()

  before(async () => {
    for (let signer = 0; signer < 7; signer++) {
      const country = signer < 6 ? 'DE' : 'AZ'
      await signAndConfirm(harness, { email: `signer${signer}@example.org`, country })
    }
  })

  it('is not before the log certifies a number', async () => {
    const { code, errors } = await deliver()
    assert.equal(code, 1)
    assert.match(errors, /the public log certifies no number yet: let the site run/)
  })

  it('is a ZIP with letters in each language, figures and proofs', async () => {
    await harness.sequence()
    const { code, output, errors } = await deliver()
    assert.equal(code, 0, errors)
    assert.match(
      output,
      /pack\.zip is written: hand it over as it is\.\n[\s\S]*certifies 7 signatures/,
    )
    assert.match(output, /pack-for-organisers-only\.zip is written: it is yours alone/)
    pack = await readZip(out)
    const names = [...pack.files.keys()]
    for (const language of STORY_LANGUAGES) {
      assert.ok(names.includes(`letter-${language}.pdf`), language)
      assert.ok(names.includes(`proof/text-${language}.tlog-proof`), language)
    }
    assert.deepEqual(JSON.parse(text('counts/counts.json')).certified, 7)
    assert.equal(text('counts/total.csv'), 'total,signatures\r\ncertified,7\r\n')
  })

  it('names no group so small that somebody could be recognised', () => {
    const { byCountry } = JSON.parse(text('counts/counts.json'))
    assert.deepEqual(byCountry, [{ key: 'other', signatures: 7 }])
    assert.doesNotMatch(text('counts/by-country.csv'), /AZ/)
  })

  it('lists every file with its hash, for programs and for sha256sum', () => {
    const sums = text('SHA256SUMS').trimEnd().split('\n')
    const listed = new Map(sums.map((line) => [line.slice(66), line.slice(0, 64)]))
    const others = [...pack.files].filter(([path]) => path !== 'SHA256SUMS')
    assert.deepEqual([...listed.keys()].sort(), others.map(([path]) => path).sort())
    for (const [path, bytes] of others) {
      assert.equal(listed.get(path), createHash('sha256').update(bytes).digest('hex'), path)
    }
    const manifest = JSON.parse(text('manifest.json'))
    assert.equal(manifest.format, 'undersigned-delivery/1')
    for (const { path, bytes, sha256 } of manifest.files) {
      assert.equal(listed.get(path), sha256)
      assert.equal(pack.files.get(path)!.length, bytes)
    }
    assert.equal(manifest.files.length, others.length - 1)
  })

  it('unpacks to files that sha256sum, tar and the verifier accept', async () => {
    for (const [path, bytes] of pack.files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), bytes)
    }
    execFileSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: folder })
    const listed = JSON.parse(text('manifest.json')).files.map(({ path }: { path: string }) => path)
    for (const path of listed) assert.ok(existsSync(join(folder, path)), path)
    execFileSync('tar', ['xf', 'log.tar'], { cwd: join(folder, 'proof') })
    const key = ['--vkey', text('proof/vkey').trim()]
    const counted = await runProgram(
      ['verify', join(folder, 'proof/log'), ...key, '--state', join(folder, 'state')],
      {},
    ).ended
    assert.equal(counted.code, 0, counted.output)
    assert.match(counted.output, /cop29-baku: 7 signatures, recomputed from the log/)
    const proved = await runProgram(
      ['verify', '--receipt', join(folder, 'proof/text-az.tlog-proof'), ...key],
      {},
    ).ended
    assert.equal(proved.code, 0, proved.output)
  })

  it('is for those who get it: nothing in it is the organisers’ own, and its words are in each language', async () => {
    const readme = text('README.txt')
    for (const own of [/organisers-only/, /delete/i, /your key/, /unseal/, /age -d/]) {
      assert.doesNotMatch(readme, own)
    }
    for (const path of pack.files.keys()) assert.doesNotMatch(path, /organisers|\.age$|signatures/)
    const { texts } = await getDemo(harness)
    for (const language of STORY_LANGUAGES) {
      assert.ok(readme.includes(texts.get(language)![0]!.content.title), language)
      assert.ok(readme.includes(`letter-${language}.pdf`), language)
    }
    assert.match(readme, /Чтобы проверить, что файлы целы/)
    assert.match(readme, /^ {4}sha256sum -c SHA256SUMS/m)
    // What it says to type, as it is typed.
    const typed = readme.match(/^ {4}node \S+ (?:log|--receipt) .*$/gm)!
    assert.equal(typed.length, 2 * STORY_LANGUAGES.length)
    for (const line of new Set(typed)) {
      const state = ['--state', join(folder, 'typed-state')]
      const [, rest] = /^ {4}node undersigned-verify\.mjs (.*)$/.exec(line)!
      const [program, ...words] = [
        'undersigned-verify.mjs',
        ...rest!.replaceAll('"', '').split(' '),
      ]
      const more = words.includes('--receipt') ? [] : state
      execFileSync(process.execPath, [program!, ...words, ...more], { cwd: join(folder, 'proof') })
    }
  })

  it('proves the very text that the letter shows', async () => {
    const petition = await getDemo(harness)
    const content = JSON.parse(text('proof/text-be.json'))
    const hash = hashContent(content)
    assert.deepEqual(hash, petition.texts.get('be')![0]!.hash)
    const [, extra] = /^extra (.*)$/m.exec(text('proof/text-be.tlog-proof'))!
    const entry = Buffer.from(extra!, 'base64').toString()
    assert.equal(entry, `text/v1 ${DEMO} be 1 ${hash.toString('base64')}`)
  })

  it('has a list that the organisers open, and that can be left out', async () => {
    const { files: own } = await readZip(kept)
    const lines = own.get('signatures.jsonl')!.toString().trimEnd().split('\n')
    const opened = await openExport(lines, await demoIdentity(harness))
    assert.equal(opened.filter(({ outcome }) => outcome === 'opened').length, 7)
    assert.deepEqual([...own.keys()], ['README.txt', 'signatures.jsonl', 'SHA256SUMS'])
    const apart = join(folder, 'apart')
    await mkdir(apart)
    for (const [path, bytes] of own) await writeFile(join(apart, path), bytes)
    execFileSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: apart })
    assert.match(
      own.get('README.txt')!.toString(),
      /^For the organisers alone: do not hand this over/m,
    )
    assert.match(
      own.get('README.txt')!.toString(),
      /undersigned unseal signatures\.jsonl --identity/,
    )
    await rm(kept)
    const { code, output } = await deliver('--without-list')
    assert.equal(code, 0)
    assert.doesNotMatch(output, /organisers/)
    assert.equal(existsSync(kept), false)
    assert.ok((await readZip(out)).files.has('letter-en.pdf'))
  })

  it('has none of the server’s keys in it, nor a signer in the clear', async () => {
    const secrets = [
      harness.environment.SECRET_KEY!,
      await demoIdentity(harness),
      'signer3@example',
    ]
    for (const [path, bytes] of pack.files) {
      for (const secret of secrets) assert.ok(!bytes.includes(secret), `${path} has ${secret}`)
      assert.ok(!bytes.includes(Buffer.from(harness.environment.SECRET_KEY!, 'base64')), path)
    }
  })
})
