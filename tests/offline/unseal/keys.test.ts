import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { armor, Encrypter } from 'age-encryption'
import { answerChallenge } from '../../../src/offline/unseal/answer-challenge.ts'
import { generateKey } from '../../../src/offline/unseal/generate-key.ts'
import { readIdentities, recipientOf } from '../../../src/offline/unseal/read-identities.ts'
import { UnsealError } from '../../../src/offline/unseal/unseal-error.ts'
import { runProgram } from '../../support/program.ts'
import { sealedLine } from '../../support/sealed-export.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const organiser = generateKey(new Date())
const stranger = generateKey(new Date())
const folder = temporaryFolder()
let key: string
before(async () => {
  key = join(folder, 'key.txt')
  await writeFile(key, organiser.text)
})

describe('keys generate', () => {
  it('prints a key once, with advice apart from it', async () => {
    const { output, errors } = await runProgram(['keys', 'generate'], {}).ended
    assert.match(output, /^# created: .*\n# public key: age1\w{58}\nAGE-SECRET-KEY-1\w{58}\n$/)
    assert.match(errors, /It was shown once and is kept nowhere/)
    assert.match(errors, /If all keys are lost, nobody ever can/)
    const recipient = /public key: (age1\w+)/.exec(output)![1]!
    assert.ok(errors.endsWith(`recipients:\n  - ${recipient}\n`))
  })

  it('or writes it for its owner alone, never over another', async () => {
    const out = join(folder, 'made.txt')
    const { code, output, errors } = await runProgram(['keys', 'generate', '--out', out], {}).ended
    assert.equal(code, 0)
    assert.equal(output, '')
    assert.ok(errors.includes(`It is in ${out} and nowhere else`))
    assert.ok(!errors.includes('AGE-SECRET-KEY-1Q') && !/AGE-SECRET-KEY-1\w{9}/.test(errors))
    if (process.platform !== 'win32') assert.equal((await stat(out)).mode & 0o777, 0o600)
    const [identity] = await readIdentities([out])
    assert.ok(errors.includes(recipientOf(identity!)))
    const before = await readFile(out, 'utf8')
    const again = await runProgram(['keys', 'generate', '--out', out], {}).ended
    assert.equal(again.code, 1)
    assert.match(again.errors, /is there already; choose another --out/)
    assert.equal(await readFile(out, 'utf8'), before)
  })
})

describe('keys answer', () => {
  async function challenge(text: string, recipient = organiser.recipient): Promise<Uint8Array> {
    const encrypter = new Encrypter()
    encrypter.addRecipient(recipient)
    return encrypter.encrypt(text)
  }
  async function answer(content: string | Uint8Array): Promise<string> {
    const file = join(folder, 'challenge.age')
    await writeFile(file, content)
    return answerChallenge(file, [key])
  }

  it('says of a challenge or a key that a program saved as UTF-16 what converts it', async () => {
    const armoured = armor.encode(await challenge('ABCD-EFGH'))
    const wide = join(folder, 'wide.age')
    await writeFile(wide, Buffer.from(`\ufeff${armoured}`, 'utf16le'))
    await assert.rejects(answerChallenge(wide, [key]), (error: Error) => {
      assert.ok(error instanceof UnsealError)
      assert.ok(error.message.includes(`iconv -f UTF-16 -t UTF-8 ${wide} > `), error.message)
      return true
    })
    const mailed = Buffer.concat([Buffer.of(0xcf, 0xf0, 0xe8, 0x0a), Buffer.from(armoured)])
    assert.equal(await answer(mailed), 'ABCD-EFGH')
    const wideKey = join(folder, 'wide-key.txt')
    await writeFile(wideKey, Buffer.from(organiser.text, 'utf16le'))
    await assert.rejects(readIdentities([wideKey]), /is not UTF-8 but seems to be UTF-16LE/)
    await writeFile(wideKey, Buffer.concat([Buffer.from('# ключ\n'), Buffer.from(organiser.text)]))
    assert.equal((await readIdentities([wideKey])).length, 1)
    const cyrillic = Buffer.from([0x23, 0x20, 0xea, 0xeb, 0xfe, 0xf7, 0x0a])
    await writeFile(wideKey, Buffer.concat([cyrillic, Buffer.from(organiser.text)]))
    await assert.rejects(readIdentities([wideKey]), (error: Error) => {
      assert.match(error.message, /seems to be WINDOWS-1251 \(first seen in line 1\)/)
      assert.doesNotMatch(error.message, /AGE-SECRET-KEY-1\w/)
      return true
    })
  })

  it('prints what is in a challenge, armoured or not, mailed or not', async () => {
    const sealed = await challenge('ABCD-EFGH-JKMN-PQRS\n')
    const text = armor.encode(sealed)
    const mailed = `Dear holder,\r\n\r\n${text.replaceAll('\n', '\r\n')}\r\n-- \r\nthe server`
    for (const content of [sealed, text, mailed]) {
      assert.equal(await answer(content), 'ABCD-EFGH-JKMN-PQRS')
    }
    const file = join(folder, 'challenge.age')
    const run = await runProgram(['keys', 'answer', '--identity', key, file], {}).ended
    assert.deepEqual([run.code, run.output], [0, 'ABCD-EFGH-JKMN-PQRS\n'])
  })

  it('never shows a signer whose record was sent as a challenge', async () => {
    const { sealed } = JSON.parse(await sealedLine({ id: '1' }, [organiser.recipient]))
    await assert.rejects(answer(Buffer.from(sealed, 'base64')), (error: Error) => {
      assert.match(error.message, /is no challenge.*not shown/)
      return !/Ann/.test(error.message)
    })
    for (const text of ['', '{}', 'two\nlines', '\x1b[31mred', 'ü'])
      await assert.rejects(challenge(text).then(answer), /is no challenge/)
  })

  it('says when it was made for another key, or damaged', async () => {
    await assert.rejects(challenge('AB', stranger.recipient).then(answer), /made for another key/)
    const text = armor.encode(await challenge('AB'))
    for (const content of ['', 'hello', text.slice(0, 150), text.replace('YW', 'YX')]) {
      await assert.rejects(answer(content), /is no challenge, or damaged/)
    }
  })
})
