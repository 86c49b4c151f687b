import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { createProofs } from '../../src/defence/proof-of-work.ts'
import { MINUTE } from '../../src/platform/clock.ts'
import { solve } from '../support/prove-work.ts'
import { createTestClock } from '../support/test-clock.ts'

describe('a proof of work', () => {
  const clock = createTestClock()
  const proofs = createProofs({ key: Buffer.alloc(32, 1), clock })

  it('by the solver of ALTCHA’s own library is taken, and says how much was asked for', async () => {
    const challenge = await proofs.challenge(20)
    const proof = proofs.check(await solve(challenge))
    assert.equal(proof?.work, 20)
    assert.equal(proof.id.toString('hex'), challenge.parameters.nonce)
    assert.equal(proof.expiresAt.getTime(), challenge.parameters.expiresAt * 1000)
  })

  it('is short: it is sent with each form', async () => {
    assert.equal((await solve(await proofs.challenge(5))).length, 112)
  })

  it('asks for no more work than is wanted, and for no amount that could be guessed', async () => {
    const counters: number[] = []
    for (let nth = 0; nth < 30; nth++) {
      const challenge = await proofs.challenge(20)
      counters.push((await solveChallenge({ challenge, deriveKey }))!.counter)
    }
    assert.ok(Math.max(...counters) < 20, String(counters))
    assert.ok(new Set(counters).size > 5)
  })

  it('that was changed in any digit, made up, is another site’s or too old proves nothing', async () => {
    const text = await solve(await proofs.challenge(5))
    assert.ok(proofs.check(text))
    const changed = Array.from(text, (digit, at) =>
      proofs.check(`${text.slice(0, at)}${digit === '0' ? '1' : '0'}${text.slice(at + 1)}`),
    )
    const { signature, parameters } = await proofs.challenge(5)
    const nothing = [
      ...changed,
      // What the page is told, without what it has to find.
      proofs.check(signature + parameters.keyPrefix),
      proofs.check(signature + '0'.repeat(32)),
      createProofs({ key: Buffer.alloc(32, 2), clock }).check(text),
      ...['', 'x', 'e30=', text.slice(1), `${text}0`, text.toUpperCase(), `${text}\n`].map(
        proofs.check,
      ),
      proofs.check('0'.repeat(112)),
      proofs.check('f'.repeat(112)),
    ]
    assert.deepEqual(new Set(nothing), new Set([null]))
    clock.move(31 * MINUTE)
    assert.equal(proofs.check(text), null)
  })

  it('is taken once', async () => {
    const text = await solve(await proofs.challenge(5))
    assert.ok(proofs.take(text))
    assert.equal(proofs.take(text), null)
  })
})
