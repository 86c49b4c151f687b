import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { openSealed } from '../../src/sealing/age/open-sealed.ts'
import { formatIdentity, parseIdentity, parseRecipient } from '../../src/sealing/age/recipient.ts'
import { createIdentity } from '../../src/sealing/age/x25519.ts'
import { findAge, newKeys, sealTo } from '../support/sealed-export.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('keys of age', () => {
  it('are the same keys to the library: a recipient follows from its identity', async () => {
    const { identity, recipient } = newKeys()
    assert.equal(await identityToRecipient(identity), recipient)
    const theirs = await generateX25519Identity()
    assert.equal(formatIdentity(parseIdentity(theirs)!), theirs)
  })

  it('are refused when a letter is wrong, or the case mixed', () => {
    const { identity, recipient } = newKeys()
    for (let at = 5; at < recipient.length; at++) {
      const letter = recipient[at] === 'q' ? 'p' : 'q'
      assert.equal(parseRecipient(recipient.slice(0, at) + letter + recipient.slice(at + 1)), null)
    }
    for (const text of ['', 'age1', recipient.toUpperCase(), `${recipient} `, identity]) {
      assert.equal(parseRecipient(text), null)
    }
    assert.equal(parseIdentity(identity.toLowerCase()), null)
    assert.equal(parseIdentity(recipient), null)
  })
})

describe('what is sealed', () => {
  it('opens with the library, and what the library seals opens here', async () => {
    const { identity, recipient } = newKeys()
    for (const length of [0, 1, 256, 512, 70_000]) {
      const plaintext = new Uint8Array(randomBytes(length))
      const decrypter = new Decrypter()
      decrypter.addIdentity(identity)
      assert.deepEqual(await decrypter.decrypt(await sealTo([recipient], plaintext)), plaintext)
      const encrypter = new Encrypter()
      encrypter.addRecipient(recipient)
      const theirs = await encrypter.encrypt(plaintext)
      assert.deepEqual(await openSealed([createIdentity(identity)], theirs), plaintext)
    }
  })

  it('opens to each of several recipients and to nobody else', async () => {
    const keys = [newKeys(), newKeys(), newKeys()]
    const plaintext = new Uint8Array(randomBytes(256))
    const recipients = keys.map(({ recipient }) => recipient)
    const sealed = await sealTo(recipients, plaintext)
    for (const { identity } of keys) {
      assert.deepEqual(await openSealed([createIdentity(identity)], sealed), plaintext)
    }
    assert.equal(await openSealed([createIdentity(newKeys().identity)], sealed), null)
    assert.equal(await openSealed([newKeys().identity], sealed), null, "by the library's identity")
  })

  it('is refused when a single byte is changed or the end is missing', async () => {
    const { identity, recipient } = newKeys()
    const plaintext = new Uint8Array(randomBytes(256))
    const sealed = await sealTo([recipient], plaintext)
    const opener = [createIdentity(identity)]
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.slice()
      changed[at]! ^= 1
      // Either it says that the file is damaged or that it isn't ours; never other bytes.
      const opened = await openSealed(opener, changed).catch(() => null)
      assert.equal(opened, null, `byte ${at}`)
    }
    for (let end = 0; end < sealed.length; end += 7) {
      const opened = await openSealed(opener, sealed.slice(0, end)).catch(() => null)
      assert.equal(opened, null, `cut at ${end}`)
    }
  })
})

const ageTool = findAge()

describe('the plain age tool', {
  skip: ageTool || process.env.CI ? false : 'age is not installed',
}, () => {
  it('opens a sealed record', async () => {
    const { identity, recipient } = newKeys()
    const plaintext = Buffer.from('{"name":"Leyla Əliyeva"}'.padEnd(256))
    const sealed = await sealTo([newKeys().recipient, recipient], plaintext)
    const folder = temporaryFolder()
    const keyFile = join(folder, 'key.txt')
    writeFileSync(keyFile, `# created by hand\n${identity}\n`)
    const opened = execFileSync('age', ['--decrypt', '--identity', keyFile], { input: sealed })
    assert.deepEqual(opened, plaintext)
  })
})
