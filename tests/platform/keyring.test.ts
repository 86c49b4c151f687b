import assert from 'node:assert/strict'
import { hkdfSync } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import {
  deriveKeyring,
  KeyringError,
  loadOrCreateSecret,
  parseSecret,
} from '../../src/platform/keyring.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const POSIX = process.platform !== 'win32'

describe('the server’s secret', () => {
  let dataDir: string
  let file: string
  beforeEach(async () => {
    dataDir = join(temporaryFolder(), 'data')
    file = join(dataDir, 'secrets', 'server-key')
  })

  const modeOf = async (path: string) => (await stat(path)).mode & 0o777

  it('is made on the first start and read on every later one', async () => {
    const secret = await loadOrCreateSecret(dataDir, 'server-key')
    assert.equal(secret.length, 32)
    const written = await readFile(file, 'utf8')
    assert.deepEqual(parseSecret(written, 'SECRET_KEY'), secret)
    assert.deepEqual(await loadOrCreateSecret(dataDir, 'server-key'), secret)
    assert.equal(await readFile(file, 'utf8'), written)
  })

  // Windows has no such modes.
  if (POSIX) {
    it('can be read by its owner alone, and so can its folder', async () => {
      await loadOrCreateSecret(dataDir, 'server-key')
      assert.equal(await modeOf(file), 0o600)
      assert.equal(await modeOf(join(dataDir, 'secrets')), 0o700)
    })
  }

  it('is another on another server', async () => {
    const other = join(dataDir, '..', 'other')
    assert.notDeepEqual(
      await loadOrCreateSecret(other, 'server-key'),
      await loadOrCreateSecret(dataDir, 'server-key'),
    )
  })

  it('is the same for all that start at the same moment, and leaves nothing else behind', async () => {
    const secrets = await Promise.all(
      Array.from({ length: 20 }, () => loadOrCreateSecret(dataDir, 'server-key')),
    )
    assert.equal(new Set(secrets.map((secret) => secret.toString('hex'))).size, 1)
    assert.deepEqual(parseSecret(await readFile(file, 'utf8'), 'SECRET_KEY'), secrets[0])
    assert.deepEqual(await readdir(join(dataDir, 'secrets')), ['server-key'])
  })

  it('when damaged stops the start with a line that names the file, and stays as it is', async () => {
    await mkdir(join(dataDir, 'secrets'), { recursive: true })
    for (const damaged of ['', 'short', Buffer.alloc(33).toString('base64'), '\0'.repeat(45)]) {
      await writeFile(file, damaged)
      const error: Error = await loadOrCreateSecret(dataDir, 'server-key').then(
        () => assert.fail('the key was taken'),
        (reason) => reason,
      )
      assert.ok(error instanceof KeyringError)
      assert.ok(error.message.startsWith(`${file} is damaged`), error.message)
      assert.match(error.message, /restore it from a backup/)
      assert.doesNotMatch(error.message, /\n|openssl/)
      assert.equal(await readFile(file, 'utf8'), damaged)
    }
  })

  it('that has no place to lie in is a complaint about DATA_DIR', async () => {
    await mkdir(join(dataDir, '..'), { recursive: true })
    await writeFile(dataDir, '')
    for (const folder of [dataDir, join(dataDir, 'below')]) {
      await assert.rejects(loadOrCreateSecret(folder, 'server-key'), {
        name: 'DataDirError',
        message: /^DATA_DIR .* cannot be used: a file is where a folder should be [^\n]+$/,
      })
    }
  })

  it('that can’t be read stops the start; no new one is made', async () => {
    await mkdir(file, { recursive: true })
    await assert.rejects(loadOrCreateSecret(dataDir, 'server-key'), (error: Error) => {
      assert.ok(error instanceof KeyringError)
      assert.match(error.message, /server-key can't be read \(EISDIR\)/)
      return true
    })
  })

  it('from the environment is 32 bytes of base64, or refused with how to make one', () => {
    const secret = Buffer.alloc(32, 9)
    assert.deepEqual(parseSecret(` ${secret.toString('base64')}\n`, 'SECRET_KEY'), secret)
    for (const wrong of [
      '',
      'secret',
      Buffer.alloc(31).toString('base64'),
      secret.toString('hex'),
      // Without the one odd character it would be 32 bytes, of another key.
      secret.toString('base64').replace(/^(.{9})/, '$1!'),
      `"${secret.toString('base64')}"`,
    ]) {
      assert.throws(() => parseSecret(wrong, 'SECRET_KEY'), {
        constructor: KeyringError,
        message: /^SECRET_KEY holds \d+ bytes, not 32: make one with "openssl rand -base64 32"$/,
      })
    }
  })
})

describe('the keys made from the secret', () => {
  it('are HKDF-SHA-256, one label a purpose, so that what they wrote opens for ever', () => {
    const secret = Buffer.alloc(32, 1)
    const derived = (label: string) => Buffer.from(hkdfSync('sha256', secret, '', label, 32))
    assert.deepEqual(deriveKeyring(secret), {
      details: derived('undersigned/details/v1'),
      tokens: derived('undersigned/tokens/v1'),
      sharing: derived('undersigned/sharing/v1'),
      tagKeys: derived('undersigned/tag-keys/v1'),
      challenges: derived('undersigned/challenges/v1'),
      mailCounts: derived('undersigned/mail-counts/v1'),
      figures: derived('undersigned/figures/v1'),
      examination: derived('undersigned/examination/v1'),
      proofs: derived('undersigned/proofs/v1'),
      placeMarks: derived('undersigned/place-marks/v1'),
      reports: derived('undersigned/reports/v1'),
      flows: derived('undersigned/flows/v1'),
      webhooks: derived('undersigned/webhooks/v1'),
      imports: derived('undersigned/imports/v1'),
    })
  })

  it('differ from each other, from the secret and from another server’s', () => {
    const secrets = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
    const keys = [...secrets, ...secrets.flatMap((secret) => Object.values(deriveKeyring(secret)))]
    assert.equal(new Set(keys.map((key) => key.toString('hex'))).size, keys.length)
    for (const key of keys) assert.equal(key.length, 32)
  })
})
