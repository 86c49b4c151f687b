import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createProofs } from '../../src/defence/proof-of-work.ts'
import { MINUTE } from '../../src/platform/clock.ts'
import { solve } from '../support/prove-work.ts'
import { createTestClock } from '../support/test-clock.ts'

describe('a proof of work', () => {
  const clock = createTestClock()
  const proofs = createProofs({ key: Buffer.alloc(32, 1), clock })
  const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64').toString())
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')

  it('by the solver of ALTCHA’s own library is taken, and says how much was asked for', async () => {
    const challenge = await proofs.challenge(20)
    const proof = proofs.check(await solve(challenge))
    assert.equal(proof?.work, 20)
    assert.equal(proof.id.toString('hex'), challenge.parameters.nonce)
  })

  it('asks for no more work than is wanted, and for no amount that could be guessed', async () => {
    const counters: number[] = []
    for (let nth = 0; nth < 30; nth++) {
      counters.push(decode(await solve(await proofs.challenge(20))).solution.counter)
    }
    assert.ok(Math.max(...counters) < 20, String(counters))
    assert.ok(new Set(counters).size > 5)
  })

  it('that was changed, made up, is another site’s or too old proves nothing', async () => {
    const text = await solve(await proofs.challenge(5))
    const changed = (change: (proof: ReturnType<typeof decode>) => void) => {
      const proof = decode(text)
      change(proof)
      return proofs.check(encode(proof))
    }
    assert.ok(changed(() => {}))
    const nothing = [
      changed(({ challenge }) => {
        challenge.parameters.data.work = 9000
      }),
      changed(({ challenge }) => {
        challenge.parameters.expiresAt += 3600
      }),
      changed(({ challenge }) => {
        challenge.parameters.more = 1
      }),
      changed(({ challenge }) => {
        challenge.signature = '0'.repeat(64)
      }),
      changed(({ solution }) => {
        solution.derivedKey = '0'.repeat(64)
      }),
      changed(({ solution }) => {
        solution.derivedKey = null
      }),
      createProofs({ key: Buffer.alloc(32, 2), clock }).check(text),
      ...['', 'x', 'e30=', encode(null), encode([]), encode({ challenge: {} })].map(proofs.check),
      proofs.check(`${text}${'A'.repeat(2000)}`),
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
