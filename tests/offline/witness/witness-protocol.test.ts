import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { before, describe, it } from 'node:test'
import { signerFromSeed, verifyEd25519 } from '../../../src/log/core/note/node-ed25519.ts'
import { ED25519, parseVkey } from '../../../src/log/core/note/note-key.ts'
import { openNote } from '../../../src/log/core/note/open-note.ts'
import { signNote } from '../../../src/log/core/note/sign-note.ts'
import { encodeBase64 } from '../../../src/platform/bytes.ts'
import { logSigner } from '../../log/core/support/memory-log.ts'
import type { Program } from '../../support/program.ts'
import { ask, post } from './support/ask.ts'
import { growLog, makeLines } from './support/growing-log.ts'
import { makeWitnessFolder, NAME, printedEntry } from './support/witness-folder.ts'

// Over 250 lines: one witness, asked in order; each answer depends on what it cosigned before.

const log = growLog(makeLines(700))
const other = growLog([...makeLines(300), ...makeLines(400, 'other')])

/** c2sp.org/tlog-witness, rule by rule, asked of the command as an organisation runs it. */
describe('undersigned witness', () => {
  const folder = makeWitnessFolder()
  let program: Program
  let url: string
  let vkey: string
  before(async () => {
    program = folder.run('--name', NAME)
    await program.untilRunning()
    ;({ url, vkey } = printedEntry(program))
  })

  it('shows its key, and says what the operator of the site needs', async () => {
    assert.equal(parseVkey(vkey).name, NAME)
    for (const path of ['/', '/vkey', '/some/prefix/vkey']) {
      const answer = await fetch(`${url}${path}`)
      assert.equal(await answer.text(), `${vkey}\n`)
      assert.match(answer.headers.get('content-type')!, /^text\/plain/)
    }
    assert.match(program.output(), /watches log\.example\/petitions, cosigned up to 0 entries/)
  })

  it('cosigns the first checkpoint that it sees, without a proof', async () => {
    const now = Date.now() / 1000
    const { status, text } = await ask(url, log, 0, 100)
    assert.equal(status, 200)
    assert.match(text, /^— witness\.example\.org \S+\n$/)
    const cosigned = Buffer.concat([log.checkpoint(100), Buffer.from(text)])
    const opened = await openNote(cosigned, [parseVkey(vkey)], verifyEd25519)
    assert.ok(opened.ok)
    assert.ok(Math.abs(opened.signed[0]!.time! - now) < 10)
  })

  it('remembered it before it answered', async () => {
    const state = await readFile(folder.stateFile, 'utf8')
    assert.ok(state.includes(JSON.stringify(Buffer.from(log.checkpoint(100)).toString())))
  })

  it('cosigns a log that grew, at any prefix of the path, and again when asked again', async () => {
    assert.equal((await ask(`${url}/any/prefix`, log, 100, 300)).status, 200)
    assert.equal((await ask(url, log, 300, 300)).status, 200)
  })

  it('tells its size to a request that gives another: 409', async () => {
    for (const [from, to] of [
      [0, 400],
      [100, 300],
      [299, 400],
      [301, 400],
      [10, 20],
    ] as const) {
      assert.deepEqual(await ask(url, log, from, to), {
        status: 409,
        type: 'text/x.tlog.size',
        text: '300\n',
      })
    }
  })

  it('refuses an old size above the checkpoint: 400', async () => {
    assert.equal((await ask(url, log, 300, 200, { proof: [] })).status, 400)
    assert.equal((await ask(url, log, 5, 0, { proof: [] })).status, 400)
  })

  it('refuses a proof that is wrong, too long, too short or of another log: 422', async () => {
    const proof = await log.prove(300, 500)
    const wrong = [
      [],
      proof.slice(1),
      proof.slice(0, -1),
      [...proof, proof[0]!],
      [...proof].reverse(),
      await log.prove(300, 501),
      await other.prove(301, 500),
    ]
    for (const proof of wrong) {
      assert.equal((await ask(url, log, 300, 500, { proof })).status, 422)
    }
    assert.equal((await ask(url, log, 300, 300, { proof: [proof[0]!] })).status, 422)
  })

  it('refuses another history of the same length: 422, and tells its operator', async () => {
    const fork = growLog(makeLines(300, 'fork'))
    for (let times = 0; times < 3; times++) {
      const { status, type, text } = await ask(url, fork, 300, 300)
      assert.deepEqual([status, type], [422, 'text/plain'])
      assert.match(text, /another checkpoint of this size/)
    }
    assert.equal((await ask(url, log, 300, 300)).status, 200)
  })

  it('refuses a log that it does not watch: 404', async () => {
    const seed = new Uint8Array(32).fill(9)
    const stranger = growLog(makeLines(3), signerFromSeed('other.example', ED25519, seed))
    assert.equal((await ask(url, stranger, 0, 3)).status, 404)
  })

  it('refuses a checkpoint that the log has not signed, whoever else has: 403', async () => {
    const { name } = logSigner.key
    const impostor = signerFromSeed(name, ED25519, new Uint8Array(32).fill(9))
    const forged = signNote(log.text(500), [impostor])
    assert.equal((await ask(url, log, 300, 500, { checkpoint: forged })).status, 403)
    const broken = Buffer.from(log.checkpoint(500))
    broken.write('AAAA', broken.length - 20)
    assert.equal((await ask(url, log, 300, 500, { checkpoint: broken })).status, 403)
  })

  it('passes over signatures of keys that it does not know', async () => {
    const friend = signerFromSeed('friend.example', ED25519, new Uint8Array(32).fill(8))
    const checkpoint = signNote(log.text(400), [friend, logSigner])
    assert.equal((await ask(url, log, 300, 400, { checkpoint })).status, 200)
    assert.ok(!(await readFile(folder.stateFile, 'utf8')).includes('friend'), 'nor keeps them')
  })

  it('refuses what is malformed: 400', async () => {
    const hash = `${'A'.repeat(43)}=\n`
    const checkpoint = Buffer.from(log.checkpoint(500)).toString()
    const text = log.text(500)
    const bodies = {
      nothing: '',
      'no old size': `\n${checkpoint}`,
      'a leading zero': `old 0400\n\n${checkpoint}`,
      'a negative size': `old -1\n\n${checkpoint}`,
      'a size beyond all': `old 99999999999999999999\n\n${checkpoint}`,
      'two spaces': `old  400\n\n${checkpoint}`,
      'carriage returns': `old 400\r\n\r\n${checkpoint}`,
      '64 proof lines': `old 400\n${hash.repeat(64)}\n${checkpoint}`,
      'a short hash': `old 400\nAAAA\n\n${checkpoint}`,
      'no base64': `old 400\n!\n\n${checkpoint}`,
      'no empty line': `old 400\n${hash}`,
      'no checkpoint': 'old 400\n\n',
      'no signature': `old 400\n\n${text}`,
      'a checkpoint of two lines': `old 400\n\n${checkpoint.replace('500\n', '')}`,
    }
    for (const [what, body] of Object.entries(bodies)) {
      assert.equal((await post(url, body)).status, 400, what)
    }
    assert.equal((await post(url, `old 400\n${hash.repeat(63)}\n${checkpoint}`)).status, 422)
  })

  it('refuses what is too long, other methods and other paths', async () => {
    assert.equal((await post(url, 'old 0\n'.repeat(100_000))).status, 413)
    assert.equal((await fetch(`${url}/add-checkpoint`)).status, 405)
    assert.equal((await fetch(`${url}/vkey`, { method: 'POST' })).status, 405)
    assert.equal((await fetch(`${url}/state`)).status, 404)
  })

  it('outlives askers that leave in the middle of a request', async () => {
    const { port } = new URL(url)
    for (let times = 0; times < 20; times++) {
      const half = request(`${url}/add-checkpoint`, {
        method: 'POST',
        headers: { 'content-length': 500 },
      })
      half.on('error', () => {})
      half.write('old 4')
      setTimeout(() => half.destroy(), times)
      const junk = connect(Number(port), '127.0.0.1', () => junk.end('nonsense\r\n\r\n'))
      junk.on('error', () => {})
    }
    assert.equal((await ask(url, log, 400, 401)).status, 200)
  })

  it('takes many at once for one log one after the other: it never goes back', async () => {
    const sizes = Array.from({ length: 60 }, (_, index) => 402 + index)
    const answers = await Promise.all(sizes.map((to) => ask(url, log, 401, to)))
    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    const won = sizes[answers.findIndex(({ status }) => status === 200)]!
    for (const { status, text } of answers) {
      if (status !== 200) assert.deepEqual([status, text], [409, `${won}\n`])
    }
  })

  it('refuses an empty log whose root is not that of nothing: 422', async () => {
    const fresh = makeWitnessFolder()
    const witness = await fresh.start()
    try {
      for (const root of [log.root(1), new Uint8Array(32)]) {
        const text = `${logSigner.key.name}\n0\n${encodeBase64(root)}\n`
        const checkpoint = signNote(text, [logSigner])
        assert.equal((await ask(witness.url, log, 0, 0, { checkpoint })).status, 422)
      }
      assert.equal((await ask(witness.url, log, 0, 0)).status, 200)
      assert.equal((await ask(witness.url, log, 0, 100)).status, 200)
    } finally {
      await witness.stop()
    }
  })

  it('cosigns the lines that a log adds to its checkpoint, which are not its to judge', async () => {
    const size = Number((await ask(url, log, 0, 700)).text)
    const text = `${log.text(size)}2026-11-28T18:00Z\nmirror of the mirror\n`
    const checkpoint = signNote(text, [logSigner])
    const { status, text: lines } = await ask(url, log, size, size, { checkpoint })
    assert.equal(status, 200)
    const cosigned = Buffer.concat([checkpoint, Buffer.from(lines)])
    const opened = await openNote(cosigned, [parseVkey(vkey)], verifyEd25519)
    assert.ok(opened.ok, 'the signature covers them')
    const broken = signNote(`${log.text(size)}\nafter an empty line\n`, [logSigner])
    assert.equal((await ask(url, log, size, size, { checkpoint: broken })).status, 400)
  })

  it('shows monitors the last checkpoint that it cosigned, also after a start', async () => {
    const origin = logSigner.key.name
    const hash = createHash('sha256').update(origin).digest('hex')
    const fresh = makeWitnessFolder()
    let witness = await fresh.start()
    const show = async (path = hash) => fetch(`${witness.url}/monitor/${path}/checkpoint`)
    try {
      assert.equal((await show()).status, 404, 'nothing was cosigned yet')
      await ask(witness.url, log, 0, 100)
      const { text } = await ask(witness.url, log, 100, 200)
      const shown = Buffer.from(await (await show()).arrayBuffer())
      assert.deepEqual(shown, Buffer.concat([log.checkpoint(200), Buffer.from(text)]))
      await witness.stop()
      witness = await fresh.start()
      const again = new Uint8Array(await (await show()).arrayBuffer())
      const keys = [logSigner.key, parseVkey(witness.vkey)]
      const opened = await openNote(again, keys, verifyEd25519)
      assert.ok(opened.ok)
      assert.deepEqual(
        opened.signed.map(({ key }) => key.name),
        [origin, NAME],
      )
      assert.equal(opened.note.text, log.text(200))
      for (const path of ['0'.repeat(64), hash.toUpperCase(), `${hash}0`]) {
        assert.equal((await show(path)).status, 404)
      }
    } finally {
      await witness.stop()
    }
  })

  it('ends on SIGTERM, having told of the split view once', async () => {
    program.child.kill('SIGTERM')
    const { code, errors } = await program.ended
    assert.equal(code, 0)
    assert.equal(errors.match(/SPLIT VIEW/g)!.length, 1)
    assert.ok(errors.includes(Buffer.from(log.checkpoint(300)).toString()))
  })
})
