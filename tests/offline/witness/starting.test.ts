import assert from 'node:assert/strict'
import { once } from 'node:events'
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { formatSignerKey, signerFromSeed } from '../../../src/log/core/note/node-ed25519.ts'
import { ED25519, formatVkey } from '../../../src/log/core/note/note-key.ts'
import { signNote } from '../../../src/log/core/note/sign-note.ts'
import type { WitnessOptions } from '../../../src/offline/witness/start-witness.ts'
import { WitnessError } from '../../../src/offline/witness/witness-error.ts'
import { logSigner } from '../../log/core/support/memory-log.ts'
import { type Program, runProgram } from '../../support/program.ts'
import { ask } from './support/ask.ts'
import { growLog, makeLines } from './support/growing-log.ts'
import {
  logVkey,
  makeWitnessFolder,
  NAME,
  printedEntry,
  type WitnessFolder,
} from './support/witness-folder.ts'

// Over 250 lines: one witness folder is started, damaged and started again throughout.

const log = growLog(makeLines(300))
const newSeed = new Uint8Array(32).fill(7)
const newKey = signerFromSeed(logSigner.key.name, ED25519, newSeed)

let folder: WitnessFolder
beforeEach(async () => {
  folder = makeWitnessFolder()
})

/** Runs, cosigns up to a size if one is given, and ends. */
async function live(upTo: number | null = null, name: string | null = null): Promise<string> {
  const witness = await folder.start({ name })
  if (upTo !== null) assert.equal((await ask(witness.url, log, 0, upTo)).status, 200)
  await witness.stop()
  return witness.vkey
}

/** The one line that the start ends with. */
async function refusal(options: Partial<WitnessOptions> = {}): Promise<string> {
  const outcome = await folder.start({ name: null, ...options }).catch((error) => error)
  assert.ok(outcome instanceof WitnessError, String(outcome))
  assert.doesNotMatch(outcome.message, /\n/)
  return outcome.message
}

async function end(program: Program): Promise<void> {
  program.child.kill('SIGTERM')
  assert.equal((await program.ended).code, 0)
}

describe('a witness that starts', () => {
  it('makes its key on the first start, for its owner alone, and keeps it', async () => {
    assert.match(await refusal(), /there is no key .*: add --name <name>/)
    const vkey = await live(100, NAME)
    if (process.platform !== 'win32') assert.equal((await stat(folder.keyFile)).mode & 0o777, 0o600)
    assert.equal(await live(), vkey)
    assert.equal(await live(null, NAME), vkey)
    assert.match(await refusal({ name: 'other.example' }), /is that of witness\.example\.org/)
    assert.deepEqual((await readdir(folder.path)).sort(), ['key', 'state'])
  })

  it('goes on where it was, and says how far that is and how the site reaches it', async () => {
    await live(100, NAME)
    const address = 'https://witness.example.org/w'
    const program = folder.run('--url', address)
    await program.untilRunning()
    assert.match(program.output(), /log\.example\/petitions, cosigned up to 100 entries/)
    assert.equal(printedEntry(program).url, address)
    const url = /running on (\S+)/.exec(program.output())![1]!
    assert.equal((await ask(url, log, 0, 50)).text, '100\n')
    assert.equal((await ask(url, log, 100, 200)).status, 200)
    await end(program)
  })

  it('goes on after a crash before its key was made, or just after', async () => {
    const keyFile = join(folder.path, 'missing', 'key')
    assert.match(await refusal({ name: NAME, keyFile }), /the key .* can't be written: its folder/)
    const begun = await readFile(folder.stateFile)
    assert.match(begun.toString(), /"witness": null/)
    const vkey = await live(null, NAME)
    await writeFile(folder.stateFile, begun)
    assert.equal(await live(100), vkey)
  })

  it('refuses an impossible name before it makes anything that stays in the way', async () => {
    assert.match(await refusal({ name: 'two words' }), /without spaces/)
    await live(null, NAME)
  })

  it('as a command tells wrong usage from what can not be done', async () => {
    const vkey = await live(null, NAME)
    for (const [more, code, line] of [
      [['--log', 'nonsense'], 2, /not <name>\+<key ID>\+<key>/],
      [['--log', vkey], 2, /a witness's key, not a log's/],
      [['--port', '70000'], 2, /0 to 65535/],
      [['--name', 'other.example'], 1, /^undersigned: the key .* leave --name out, .*\n$/],
    ] as const) {
      const outcome = await folder.run(...more).ended
      assert.deepEqual([outcome.code, outcome.output], [code, ''])
      assert.match(outcome.errors, line)
    }
  })

  it('says so when its port is taken, and lets go of its state', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const line = await refusal({ name: NAME, port })
    taken.close()
    assert.match(
      line,
      /nothing can listen on 127\.0\.0\.1, port \d+ \(EADDRINUSE\): choose another/,
    )
    await live()
  })
})

describe('what a witness must not forget', () => {
  it('stops the start when the state is gone, cut short, or changed anywhere', async () => {
    await live(100, NAME)
    const good = await readFile(folder.stateFile)
    const damaged: Buffer[] = [Buffer.alloc(0), Buffer.alloc(good.length), Buffer.from('{}\n')]
    for (let at = 0; at < good.length; at += 7) {
      const flipped = Buffer.from(good)
      flipped[at]! ^= 1
      damaged.push(good.subarray(0, at), flipped)
    }
    damaged.push(Buffer.concat([good, Buffer.from('\n')]), good.subarray(0, -1))
    for (const bytes of damaged) {
      await writeFile(folder.stateFile, bytes)
      assert.match(await refusal(), /^the state .* is damaged \(.*\): restore the newest copy/)
    }
    await rm(folder.stateFile)
    assert.match(await refusal({ name: NAME }), /the state .* is not there, though the key .* is/)
    await mkdir(folder.stateFile)
    assert.match(await refusal(), /the state .* can't be read: it is a folder/)
  })

  it('stops the start when the key is gone, damaged or another', async () => {
    await live(100, NAME)
    const good = await readFile(folder.keyFile, 'utf8')
    await rm(folder.keyFile)
    assert.match(await refusal({ name: NAME }), /the key .* is not there, though the state is/)
    await writeFile(folder.keyFile, good.replace(/.(.)\n$/, '=$1\n'))
    const damaged = await refusal()
    assert.match(damaged, /is damaged or none/)
    assert.ok(!damaged.includes(good.slice(50, 70)), 'without showing it')
    await writeFile(folder.keyFile, formatSignerKey(newKey, newSeed))
    assert.match(await refusal(), /is not a witness's but a log's/)
    const stranger = makeWitnessFolder()
    await (await stranger.start()).stop()
    await copyFile(stranger.keyFile, folder.keyFile)
    assert.match(await refusal(), /is not that of the state/)
  })

  it('keeps what it knows of a log that it stops watching for a while', async () => {
    await live(100, NAME)
    const other = signerFromSeed('other.example', ED25519, newSeed)
    const meanwhile = await folder.start({ logs: [other.key] })
    assert.deepEqual(meanwhile.logs, [{ origin: 'other.example', size: 0 }])
    assert.equal((await ask(meanwhile.url, log, 100, 200)).status, 404)
    await meanwhile.stop()
    const again = await folder.start({ logs: [logSigner.key, other.key] })
    assert.equal((await ask(again.url, log, 0, 50)).text, '100\n')
    await again.stop()
  })

  it('watches a log whose origin is not the name of its key', async () => {
    const origin = 'The log of Example e. V. + friends'
    const key = signerFromSeed('example.org/key-2026', ED25519, newSeed)
    const foreign = growLog(makeLines(50), key)
    const ofOrigin = (size: number) =>
      signNote(foreign.text(size).replace(key.key.name, origin), [key])
    const program = folder.run('--name', NAME, '--log', `${formatVkey(key.key)} ${origin}`)
    await program.untilRunning()
    assert.ok(program.output().includes(`It watches ${origin}, cosigned up to 0 entries.`))
    const { url } = printedEntry(program)
    const send = (from: number, to: number, checkpoint = ofOrigin(to)) =>
      ask(url, foreign, from, to, { checkpoint })
    assert.equal((await send(0, 20)).status, 200)
    assert.equal((await send(20, 50)).status, 200)
    assert.equal((await send(50, 50, foreign.checkpoint(50))).status, 404, 'its name is no origin')
    await end(program)
    const again = folder.run('--log', `${formatVkey(key.key)} ${origin}`)
    await again.untilRunning()
    assert.ok(again.output().includes(`It watches ${origin}, cosigned up to 50 entries.`))
    await end(again)
  })

  it('passes over a --log of a type of key from after this program, with a warning', async () => {
    const later = `later.example+0a1b2c3d+${Buffer.from([6, ...new Uint8Array(1312)]).toString('base64')}`
    const program = folder.run('--name', NAME, '--log', later)
    await program.untilRunning()
    assert.doesNotMatch(program.output(), /later/)
    program.child.kill('SIGTERM')
    const { code, errors } = await program.ended
    assert.equal(code, 0)
    assert.match(
      errors,
      /^Warning: a --log is passed over: .*later\.example\+0a1b2c3d is of type 6/,
    )
    const alone = await runProgram(
      ['witness', '--log', later, '--state', folder.stateFile, '--key', folder.keyFile],
      {},
    ).ended
    assert.equal(alone.code, 1)
    assert.match(alone.errors, /no --log has a key of a type that is known here/)
  })

  it('takes a new key of a known log only when told to, and then no more the old one', async () => {
    await live(100, NAME)
    const vkey = formatVkey(newKey.key)
    const started = (logs = [newKey.key], newKeysFor: string[] = []) =>
      folder.start({ logs, newKeysFor })
    await assert.rejects(started(), (error: Error) => {
      assert.ok(error.message.startsWith(`--log ${vkey} is a new key of a log known by ${logVkey}`))
      return /--new-key-for log\.example\/petitions/.test(error.message)
    })
    await assert.rejects(started([logSigner.key, newKey.key]), /is a new key/)
    await assert.rejects(started([logSigner.key], ['other.example']), /goes with a --log/)
    const renewed = growLog(makeLines(300), newKey)
    await (await started([newKey.key], [newKey.key.name])).stop()
    const witness = await started()
    assert.equal((await ask(witness.url, log, 100, 200)).status, 403)
    assert.equal((await ask(witness.url, renewed, 100, 200)).status, 200)
    await witness.stop()
    await assert.rejects(started([logSigner.key]), /is a new key/)
  })
})

describe('one state file', () => {
  it('serves one witness: a second is refused, until the first is gone, by kill -9 too', async () => {
    const first = folder.run('--name', NAME)
    await first.untilRunning()
    assert.match(await refusal(), /another witness runs on .*: stop it first/)
    assert.match((await folder.run().ended).errors, /another witness runs on/)
    first.child.kill('SIGKILL')
    await first.ended
    await live(100)
    assert.deepEqual((await readdir(folder.path)).sort(), ['key', 'state'])
  })

  it('of many starts at once serves one', async () => {
    const starts = await Promise.allSettled(Array.from({ length: 20 }, () => folder.start()))
    const running = starts.filter((start) => start.status === 'fulfilled')
    assert.equal(running.length, 1)
    await running[0]!.value.stop()
  })

  it('that somebody else changed stops the witness before it signs', async () => {
    await live(100, NAME)
    const before = await readFile(folder.stateFile)
    const program = folder.run()
    await program.untilRunning()
    const { url } = printedEntry(program)
    assert.equal((await ask(url, log, 100, 150)).status, 200)
    await writeFile(folder.stateFile, before)
    const { status, text } = await ask(url, log, 150, 200)
    assert.equal(status, 500)
    assert.doesNotMatch(text, /—/)
    const { code, errors } = await program.ended
    assert.equal(code, 1)
    assert.match(errors, /was changed by somebody else/)
  })

  it('that can not be written stops the witness before it signs, also what it signed before', async () => {
    const witness = await folder.start()
    assert.equal((await ask(witness.url, log, 0, 100)).status, 200)
    const state = await readFile(folder.stateFile)
    await rm(folder.stateFile)
    await mkdir(join(folder.stateFile, 'in-the-way'), { recursive: true })
    assert.equal((await ask(witness.url, log, 100, 150)).status, 500)
    await assert.rejects(witness.failed, /the state .* can't be written/)
    await rm(folder.stateFile, { recursive: true })
    await writeFile(folder.stateFile, state)
    assert.equal((await ask(witness.url, log, 100, 100)).status, 500)
    await witness.stop()
    const again = await folder.start()
    assert.equal((await ask(again.url, log, 100, 150)).status, 200)
    await again.stop()
  })

  it('may not lie too deep for a lock', async () => {
    const deep = join(folder.path, 'd'.repeat(60), 'e'.repeat(60))
    await mkdir(deep, { recursive: true })
    if (process.platform === 'win32') return
    await assert.rejects(
      folder.start({ stateFile: join(deep, 'state') }),
      /is too long for a lock: choose a --state of fewer than \d+ bytes/,
    )
  })
})
