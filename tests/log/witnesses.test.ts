import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { signerFromSeed, verifyEd25519 } from '../../src/log/core/note/node-ed25519.ts'
import { formatNote, formatSignatureLine, parseNote } from '../../src/log/core/note/note.ts'
import { COSIGNATURE_V1, parseVkey } from '../../src/log/core/note/note-key.ts'
import { openNote } from '../../src/log/core/note/open-note.ts'
import { addSignatures, cosign } from '../../src/log/core/note/sign-note.ts'
import { parseAddCheckpoint } from '../../src/log/core/note/witness-messages.ts'
import { sizeKey } from '../../src/log/witnesses/ask-witness.ts'
import {
  type CollectOptions,
  collectCosignatures,
} from '../../src/log/witnesses/collect-cosignatures.ts'
import type { Witness } from '../../src/log/witnesses/parse-witnesses.ts'
import type { RunningWitness } from '../../src/offline/witness/start-witness.ts'
import { MINUTE, systemClock } from '../../src/platform/clock.ts'
import { ask } from '../offline/witness/support/ask.ts'
import { growLog, makeLines } from '../offline/witness/support/growing-log.ts'
import { makeWitnessFolder } from '../offline/witness/support/witness-folder.ts'

// Over 250 lines: one liar's server, its key and its helpers serve every way in which a witness can fail.

const SIZE = 300
/** The honest one answers in time on a busy machine, too. */
const DEADLINE_MS = 60_000
/** For liars that never come to an end: what they hold up is over soon after. */
const SHORT_DEADLINE_MS = 3000
const LATE_MS = 30_000
const log = growLog(makeLines(3000))
const signer = signerFromSeed('liar.example', COSIGNATURE_V1, new Uint8Array(32).fill(5))
const stranger = signerFromSeed('stranger.example', COSIGNATURE_V1, new Uint8Array(32).fill(6))

const folder = makeWitnessFolder()
let honest: RunningWitness
const servers: Server[] = []
let problems: string[] = []
let options: CollectOptions
before(async () => {
  honest = await folder.start()
  assert.equal((await ask(honest.url, log, 0, SIZE)).status, 200)
})
after(async () => {
  await honest.stop()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})
beforeEach(() => {
  problems = []
  options = {
    deadlineMs: DEADLINE_MS,
    clock: systemClock,
    sizes: new Map(),
    proveConsistency: log.prove,
    onProblem: (name, why) => problems.push(`${name} ${why}`),
  }
})

const honestWitness = (): Witness => ({ key: parseVkey(honest.vkey), url: honest.url })

/** A witness of its own kind, whose key is the liar's. */
async function serve(answer: RequestListener): Promise<Witness> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return { key: signer.key, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/w/` }
}

const say = (text: string | Uint8Array, status = 200, headers = {}) =>
  serve((request, response) => {
    request.resume()
    response.writeHead(status, headers).end(text)
  })

const cosigned = (text: string, by = signer, time = Math.floor(Date.now() / 1000)) =>
  formatSignatureLine(cosign(text, by, time))

/** Asks that witness and, beside it, the honest one, whose signature must come in any case. */
async function collectBeside(...witnesses: Witness[]): Promise<string[]> {
  const started = performance.now()
  const all = [...witnesses, honestWitness()]
  const signatures = await collectCosignatures(log.checkpoint(SIZE), all, options)
  assert.ok(performance.now() - started < options.deadlineMs + LATE_MS)
  assert.equal(signatures.at(-1)?.name, 'witness.example.org')
  const note = addSignatures(parseNote(log.checkpoint(SIZE)), signatures)
  const keys = all.map(({ key }) => key)
  const opened = await openNote(formatNote(note), [...new Set(keys)], verifyEd25519)
  assert.ok(opened.ok)
  assert.equal(opened.signed.length, signatures.length)
  return signatures.map(({ name }) => name)
}

/** The liar's signature is left out, and why. */
async function problemWith(witness: Witness): Promise<string> {
  assert.deepEqual(await collectBeside(witness), ['witness.example.org'])
  assert.equal(problems.length, 1)
  return problems[0]!.replace(/^liar\.example /, '')
}

describe('the log asks its witnesses', () => {
  it('and gets every signature, in their order, whoever is faster', async () => {
    const slow = await serve(async (_request, response) => {
      await sleep(150)
      response.end(cosigned(log.text(SIZE)))
    })
    assert.deepEqual(await collectBeside(slow), ['liar.example', 'witness.example.org'])
    assert.deepEqual(problems, [])
    assert.deepEqual([...options.sizes.values()], [SIZE, SIZE])
  })

  it('finds out by one more request what a witness has seen, and remembers it', async () => {
    const olds: number[] = []
    const witness = await serve(async (request, response) => {
      const { old, proof } = parseAddCheckpoint(new Uint8Array(await buffer(request)))
      olds.push(old)
      if (old === 7) return response.end(cosigned(log.text(proof.length > 0 ? SIZE : 0)))
      if (old === SIZE) return response.end(cosigned(log.text(SIZE)))
      response.writeHead(409, { 'content-type': 'text/x.tlog.size; charset=utf-8' }).end('7\n')
    })
    assert.equal((await collectBeside(witness)).length, 2)
    assert.equal((await collectBeside(witness)).length, 2)
    assert.deepEqual(olds, [0, 7, SIZE])
    options.sizes.set(sizeKey(signer.key), 200)
    assert.equal((await collectBeside(witness)).length, 2)
    assert.deepEqual(olds.slice(3), [200, 7])
    assert.deepEqual(problems, [])
  })

  it('and makes a proof once for all who are at the same size', async () => {
    const from: number[] = []
    options.proveConsistency = (old, size) => {
      from.push(old)
      return log.prove(old, size)
    }
    await collectBeside(await say(cosigned(log.text(SIZE))))
    assert.deepEqual(from, [0, SIZE])
  })

  it('without witnesses is done at once', async () => {
    assert.deepEqual(await collectCosignatures(log.checkpoint(5), [], options), [])
  })
})

describe('a witness costs only its own signature', () => {
  it('when it is late', async () => {
    const witness = await serve((request) => request.resume())
    options.deadlineMs = SHORT_DEADLINE_MS
    assert.equal(await problemWith(witness), 'did not answer in time')
  })

  it('when its answer never ends', async () => {
    const dripping = await serve((_request, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('— '), 20)
      response.on('close', () => clearInterval(drip))
    })
    options.deadlineMs = SHORT_DEADLINE_MS
    assert.equal(await problemWith(dripping), 'did not answer in time')
  })

  it('when nobody listens, or hangs up', async () => {
    const { url, ...rest } = await say('')
    servers.pop()!.close()
    assert.match(await problemWith({ ...rest, url }), /^could not be asked: .*ECONNREFUSED/)
    problems = []
    const rude = await serve((request) => request.socket.destroy())
    assert.match(await problemWith(rude), /^could not be asked: /)
    problems = []
    const nowhere = { key: signer.key, url: 'https://witness.invalid/' }
    options.deadlineMs = SHORT_DEADLINE_MS
    assert.match(await problemWith(nowhere), /^(could not be asked|did not answer)/)
  })

  it('when its answer is huge', async () => {
    assert.match(await problemWith(await say('x'.repeat(200_000))), /too long/)
    problems = []
    let written = 0
    const endless = await serve((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(10_000))) written += 10_000
      }
      response.on('drain', more)
      more()
    })
    assert.match(await problemWith(endless), /too long/)
    assert.ok(written < 50_000_000, `${written} bytes`)
  })

  it('when its answer is no signature', async () => {
    for (const text of ['', '\n', 'hello\n', '— liar.example AAAA\n', '<html>', '\xff']) {
      problems = []
      assert.match(
        await problemWith(await say(Buffer.from(text, 'latin1'))),
        /^answered something else than signatures$/,
        text,
      )
    }
  })

  it('when it signed something else, or somebody else did', async () => {
    const byStranger = cosign(log.text(SIZE), stranger, Math.floor(Date.now() / 1000))
    const wrong = [
      cosigned(log.text(SIZE + 1)),
      formatSignatureLine({ ...signer.key, signature: new Uint8Array(72) }),
      formatSignatureLine({ ...signer.key, signature: new Uint8Array(9) }),
      formatSignatureLine({ ...signer.key, signature: byStranger.signature }),
    ]
    for (const text of wrong) {
      problems = []
      assert.match(await problemWith(await say(text)), /is none of its key on this checkpoint/)
    }
    problems = []
    const foreign = await say(cosigned(log.text(SIZE), stranger))
    assert.match(await problemWith(foreign), /signed with another key than the one given/)
  })

  it('but may give others’ signatures beside its own, which are passed over', async () => {
    const text = log.text(SIZE)
    const both = await say(cosigned(text, stranger) + cosigned(text))
    assert.deepEqual(await collectBeside(both), ['liar.example', 'witness.example.org'])
  })

  it('when its clock is off', async () => {
    const seconds = Math.floor(Date.now() / 1000)
    for (const time of [0, seconds - 400, seconds + 400, 2 ** 52]) {
      problems = []
      const witness = await say(cosigned(log.text(SIZE), signer, time))
      assert.match(await problemWith(witness), /has a clock that is \d+ minutes off ours/)
    }
    const fine = await say(cosigned(log.text(SIZE), signer, seconds - 200))
    assert.equal((await collectBeside(fine)).length, 2)
    options.clock = { now: () => new Date(Date.now() + 10 * MINUTE) }
    assert.deepEqual(await collectCosignatures(log.checkpoint(SIZE), [fine], options), [])
  })

  it('when it sends elsewhere', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      problems = []
      const elsewhere = await say('', status, { location: `${honest.url}/add-checkpoint` })
      assert.equal(await problemWith(elsewhere), 'redirects, which is not followed')
    }
  })

  it('when it refuses, which is said in words', async () => {
    const words: [number, RegExp][] = [
      [400, /could not read/],
      [403, /does not know the log's key: give its operator/],
      [404, /does not watch this log/],
      [409, /HAS SIGNED ANOTHER CHECKPOINT OF THIS SIZE/],
      [422, /does not accept the proof/],
      [500, /^answered 500$/],
      [204, /^answered 204$/],
    ]
    for (const [status, line] of words) {
      problems = []
      assert.match(await problemWith(await say('', status)), line)
    }
  })

  it('when it has signed another root of this size, which by today’s rules is a 422', async () => {
    const line = /^HAS SIGNED ANOTHER CHECKPOINT OF THIS SIZE/
    const told = { 'content-type': 'text/x.tlog.size' }
    let asked = 0
    const forked = await serve((_request, response) => {
      if (asked++ === 0) response.writeHead(409, told).end(`${SIZE}\n`)
      else response.writeHead(422).end()
    })
    assert.match(await problemWith(forked), line)
    problems = []
    const behind = await serve((_request, response) => {
      if (asked++ === 2) response.writeHead(409, told).end('100\n')
      else response.writeHead(422).end()
    })
    assert.match(await problemWith(behind), /^does not accept the proof/, 'of a smaller one')
  })

  it('when it tells sizes that can not be', async () => {
    const type = { 'content-type': 'text/x.tlog.size' }
    const told: [string, RegExp][] = [
      ['301\n', /has signed 301 entries, and this checkpoint has 300/],
      ['0\n', /asks for the size that it was given/],
      ['-1\n', /answered nonsense/],
      ['1e3\n', /answered nonsense/],
      ['7', /answered nonsense/],
      ['', /answered nonsense/],
      ['99999999999999999999\n', /answered nonsense/],
    ]
    for (const [text, line] of told) {
      problems = []
      assert.match(await problemWith(await say(text, 409, type)), line, text)
    }
    problems = []
    let size = 1
    const restless = await serve((_request, response) => {
      size += 10
      response.writeHead(409, type).end(`${size}\n`)
    })
    assert.equal(await problemWith(restless), 'changed its size in the meantime')
    assert.equal(size, 21, 'asked twice, not for ever')
  })

  it('and neither does a proof that can not be made, or not in time', async () => {
    options.sizes.set(sizeKey(parseVkey(honest.vkey)), SIZE)
    options.proveConsistency = async (from, to) => {
      if (from === 0) throw new Error('the database is away')
      return log.prove(from, to)
    }
    const witness = await say(cosigned(log.text(SIZE)))
    assert.match(await problemWith(witness), /could not be asked: the database is away/)
    problems = []
    options.proveConsistency = (from, to) =>
      from === 0 ? new Promise(() => {}) : log.prove(from, to)
    options.deadlineMs = SHORT_DEADLINE_MS
    assert.equal(await problemWith(witness), 'did not answer in time')
  })
})

describe('a log and its witnesses', () => {
  it('grow together to a few thousand entries, one witness away for a while', async () => {
    const folders = [0, 1, 2].map(makeWitnessFolder)
    const running = await Promise.all(
      folders.map((each, at) => each.start({ name: `w${at}.example` })),
    )
    const witnesses = running.map(({ vkey, url }) => ({ key: parseVkey(vkey), url }))
    let batch = 0
    for (let size = 0; size <= log.size; size += 1 + ((batch++ * 37) % 300)) {
      if (batch === 5) await running[2]!.stop()
      if (batch === 10) {
        running[2] = await folders[2]!.start({ name: null })
        witnesses[2]!.url = running[2].url
      }
      // A sequencer that restarts has forgotten what they told.
      if (batch % 4 === 0) options.sizes.clear()
      const note = log.checkpoint(size)
      options.deadlineMs = 5000
      const signatures = await collectCosignatures(note, witnesses, options)
      const away = batch >= 5 && batch < 10
      assert.equal(signatures.length, away ? 2 : 3, problems.join('\n'))
      const whole = formatNote(addSignatures(parseNote(note), signatures))
      const keys = witnesses.map(({ key }) => key)
      const opened = await openNote(whole, keys, verifyEd25519)
      assert.ok(opened.ok && opened.signed.length === signatures.length)
    }
    assert.ok(batch > 15)
    assert.ok(problems.every((line) => /^w2\.example could not be asked/.test(line)))
    await Promise.all(running.map(({ stop }) => stop()))
  })

  it('part when the log shows another history: nobody signs it', async () => {
    const each = makeWitnessFolder()
    const running = await each.start()
    const witness = { key: parseVkey(running.vkey), url: running.url }
    const fork = growLog([...makeLines(1000), ...makeLines(900, 'fork')])
    await collectCosignatures(log.checkpoint(1500), [witness], options)
    for (const size of [1400, 1500, 1600]) {
      const forked = { ...options, proveConsistency: fork.prove }
      assert.deepEqual(await collectCosignatures(fork.checkpoint(size), [witness], forked), [])
    }
    assert.deepEqual(
      problems.map((line) => line.replace(/^witness\.example\.org /, '').slice(0, 30)),
      [
        'has signed 1500 entries, and th',
        'HAS SIGNED ANOTHER CHECKPOINT ',
        'does not accept the proof that',
      ].map((line) => line.slice(0, 30)),
    )
    await running.stop()
  })
})
