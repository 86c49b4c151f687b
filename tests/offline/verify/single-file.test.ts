import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, before, beforeEach, describe, it } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { formatTlogProof } from '../../../src/log/core/tlog-proof.ts'
import { proveInclusion } from '../../../src/log/core/tree/prove-inclusion.ts'
import { bundleVerifier } from '../../../src/offline/verify/bundle-verifier.ts'
import { VERIFIER } from '../../../src/platform/web/assets.ts'
import { buildLog, makeEntries } from '../../log/core/support/memory-log.ts'
import { type LogSite, startLogSite } from '../../support/log-site.ts'
import { ownModule } from '../../support/own-module.ts'
import { runProgram } from '../../support/program.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { sumLine, sumOf, VERIFYING } from '../../support/verifier-sum.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const BUNDLER = 'src/offline/verify/bundle-verifier.ts'
const entries = makeEntries(600)
const log = buildLog(entries)

describe('the verifier as one file', () => {
  let text: string
  let folder: string
  let site: LogSite
  before(async () => {
    text = await bundleVerifier()
  })
  beforeEach(async () => {
    folder = temporaryFolder()
    await writeFile(join(folder, VERIFIER), text)
    site = await startLogSite(log)
  })
  afterEach(async () => {
    await site.close()
  })

  /** As a person would, in a folder with nothing else in it. */
  async function run(...args: string[]) {
    const child = spawn(process.execPath, [VERIFIER, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    const [code] = await once(child, 'close')
    return { code, out, err }
  }

  it('says nothing that moves a terminal, whatever it is given', async () => {
    const odd = 'a\u001b]52;c;eA==\u0007\u009b2J\u202eb'
    const key = `${odd}+01234567+CQkJ`
    for (const args of [[odd], [odd, odd], ['--witness', odd], ['--witness', key], [`--${odd}`]]) {
      const { code, out, err } = await run(...args)
      assert.ok(code > 0)
      assert.match(err, /^undersigned-verify: /)
      assert.doesNotMatch((out + err).replaceAll('\n', ''), /[\p{Cc}\u202e]/u)
    }
  })

  it('recomputes a site’s count with nothing installed, and remembers it', async () => {
    const first = await run(site.origin, '--quiet')
    assert.equal(first.code, 0, first.out + first.err)
    assert.match(first.out, /^clean-water: \d+ signatures, .*; the site shows the same$/m)
    assert.match(first.out, /^OK: nothing in the log was changed/m)
    site.log = buildLog(makeEntries(700))
    assert.match((await run(site.origin, '--quiet')).out, /^It extends the 600 entries/m)
    const { code, out } = await run(site.origin, '--json', '--quiet')
    assert.equal(code, 0)
    assert.equal(JSON.parse(out).verdict, 'ok')
  })

  it('tells a rollback from two histories', async () => {
    assert.equal((await run(site.origin, '--quiet')).code, 0)
    const verdict = async () => {
      const { code, out } = await run(site.origin, '--json', '--quiet', '--fresh')
      return [code, JSON.parse(out).verdict]
    }
    site.log = buildLog(entries.slice(0, 500))
    assert.deepEqual(await verdict(), [1, 'rolled-back'])
    site.log = buildLog([entries[1]!, ...entries.slice(1, 500)])
    assert.deepEqual(await verdict(), [1, 'two-histories'])
  })

  it('checks a receipt, and names itself as it was called', async () => {
    const receipt = formatTlogProof({
      extra: entries[300]!,
      index: 300,
      hashes: await proveInclusion(300, 600, log.getTile),
      checkpoint: log.checkpoint,
    })
    await writeFile(join(folder, 'receipt.tlog-proof'), receipt)
    const unknown = await run('--receipt', 'receipt.tlog-proof')
    assert.equal(unknown.code, 1)
    assert.match(
      unknown.err,
      /^undersigned-verify: nothing is known of the log .*\("node undersigned-verify\.mjs <site>"\)/,
    )
    assert.equal((await run(site.origin, '--quiet')).code, 0)
    const known = await run('--receipt', 'receipt.tlog-proof')
    assert.equal(known.code, 0, known.err)
    assert.match(known.out, /only the whole log tells: "node undersigned-verify\.mjs <site>"\.$/m)
    const help = await run('--help')
    assert.equal(help.code, 0)
    assert.match(help.out, /^Usage: node undersigned-verify\.mjs \[options\] \[place\]/)
    assert.match(help.out, /^ {2}node undersigned-verify\.mjs --receipt receipt\.tlog-proof$/m)
    assert.doesNotMatch(help.out, /undersigned verify|npm run/)
    const wrong = await run()
    assert.equal(wrong.code, 2)
    assert.match(
      wrong.err,
      /^undersigned-verify: give either .*\n\(node undersigned-verify\.mjs --help/,
    )
  })

  it('holds its parts alone: no database, no web server, nothing to be fetched', () => {
    const imported = [...text.matchAll(/^(?:import|export) .*\bfrom ["']([^"']+)["']/gm)]
    assert.ok(imported.length > 5)
    for (const [, module] of imported) assert.match(module!, /^node:/)
    const bundled = new Set(
      [...text.matchAll(/node_modules\/((?:@[^/"]+\/)?[^/"]+)\//g)].map(([, name]) => name),
    )
    assert.deepEqual([...bundled].sort(), ['@noble/hashes', 'commander'])
    assert.ok(text.startsWith('#!/usr/bin/env node\n'))
    assert.ok(text.includes('\n// commander 14'), 'its licence comes with it')
  })
})

describe('the verifier’s SHA-256', () => {
  const folder = temporaryFolder()

  it('is the one in docs/verifying.md', async () => {
    const sum = sumOf(await bundleVerifier())
    const { found, line } = sumLine(await readFile(VERIFYING, 'utf8'))
    assert.equal(
      found,
      sum,
      `what goes into the verifier was changed. Run "npm run pin:verifier", or write in line ${line} of docs/verifying.md:\n${sum}\n`,
    )
  })

  it('is the same wherever it is built, with Windows’ line ends too', async () => {
    const elsewhere = join(folder, 'a checkout')
    for (const name of ['src', 'package.json', 'tsconfig.json']) {
      await cp(join(ROOT, name), join(elsewhere, name), { recursive: true })
    }
    await symlink(join(ROOT, 'node_modules'), join(elsewhere, 'node_modules'), 'junction')
    for (const name of await readdir(join(elsewhere, 'src'), { recursive: true })) {
      if (!name.endsWith('.ts')) continue
      const file = join(elsewhere, 'src', name)
      const source = await readFile(file, 'utf8')
      await writeFile(file, source.replaceAll('\n', '\r\n'))
    }
    const other = await import(pathToFileURL(join(elsewhere, ownModule(BUNDLER).path)).href)
    assert.equal(sumOf(await other.bundleVerifier()), sumOf(await bundleVerifier()))
  })

  it('is printed with the file by the command that hands it out', async () => {
    const out = join(folder, 'handed-out.mjs')
    const { code, output } = await runProgram(['verifier', '--out', out], {}).ended
    assert.equal(code, 0)
    const sum = sumOf(await readFile(out, 'utf8'))
    assert.ok(output.includes(`SHA-256: ${sum}\n`), output)
    assert.equal(sum, sumOf(await bundleVerifier()))
  })
})
