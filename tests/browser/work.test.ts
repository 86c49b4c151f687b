import assert from 'node:assert/strict'
import { pbkdf2Sync } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { Page, Worker } from 'playwright-core'
import { workOf } from '../../src/defence/verdict.ts'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
import { petitionPath } from '../support/browser/person.ts'
import { PHONE, withPage } from '../support/browser.ts'
import { sign } from '../support/signer.ts'

/**
 * Keys of 200 rounds a second, one after the other, of a phone six times slower than a desk's computer, by the browser's
 * own cryptography: docs/performance.md, "A signer's whole way".
 */
const KEYS_A_SECOND = 2600
const ROUNDS = 200
/** Seconds of such a phone, at most: where somewhat more comes than usual, and in a flood. */
const PROMISED = [1, 4] as const
/** No promise: what that page says of a browser that keeps its cryptography away, and half as much again. */
const WITHOUT_CRYPTOGRAPHY = [6, 24] as const
/** Enough for work to be asked for. */
const FORMS = 60
/** A measurement: so few that among all some are undisturbed by what else the machine does. */
const KEYS = 100
const MEASUREMENTS = 40

interface Challenge {
  parameters: {
    nonce: string
    salt: string
    cost: number
    keyLength: number
    keyPrefix: string
    data: { work: number }
  }
  signature: string
}

describe('the work that a form is asked for', () => {
  let site: LiveSite
  before(async () => {
    site = await startLiveSite({ guard: true })
    for (let nth = 0; nth < FORMS; nth++) {
      await sign(site.harness, { email: `flood${nth}@town${nth}.example.org` })
    }
  })
  after(() => site.close())

  for (const [what, hasCryptography, [some, most]] of [
    ['a cheap phone takes under a second for it, under four in a flood', true, PROMISED],
    ['without the browser’s cryptography as long as is said', false, WITHOUT_CRYPTOGRAPHY],
  ] as const) {
    it(what, async (test) => {
      await withPage({ width: PHONE }, async (page) => {
        await page.goto(site.origin + petitionPath('en'))
        const asked = (await (await fetch(`${site.origin}/challenge`)).json()) as Challenge
        assert.equal(asked.parameters.data.work, workOf(1))
        const { solver, yardstick } = await timeKeys(await workerOf(page), {
          challenge: withLastKey(asked),
          hasCryptography,
        })
        const seconds = (step: 1 | 2) => (workOf(step) * solver) / (yardstick * KEYS_A_SECOND)
        const found = `${seconds(1).toFixed(2)} s, ${seconds(2).toFixed(2)} s`
        test.diagnostic(found)
        assert.ok(seconds(1) < some && seconds(2) < most, found)
      })
    })
  }
})

/** The solver that the page names, begun by it. */
async function workerOf(page: Page): Promise<Worker> {
  const coming = page.waitForEvent('worker')
  await page.evaluate(`{
    const { solver } = document.querySelector('#sign-form').dataset
    globalThis.solving = new Worker(solver, { type: 'module' })
  }`)
  return coming
}

/** The same challenge, with a key that is found after `KEYS`. */
function withLastKey(challenge: Challenge): Challenge {
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters
  const password = Buffer.concat([Buffer.from(nonce, 'hex'), Buffer.alloc(4)])
  password.writeUInt32BE(KEYS - 1, password.length - 4)
  const key = pbkdf2Sync(password, Buffer.from(salt, 'hex'), cost, keyLength, 'sha256')
  const parameters = {
    ...challenge.parameters,
    keyPrefix: key.toString('hex').slice(0, keyPrefix.length),
  }
  return { ...challenge, parameters }
}

interface Times {
  solver: number
  yardstick: number
}

/**
 * Lets the solver and a yardstick, the browser's cryptography alone, derive keys in turns in the same worker.
 *
 * @returns milliseconds a key, each the least of many
 */
const timeKeys = (
  worker: Worker,
  { challenge, hasCryptography }: { challenge: Challenge; hasCryptography: boolean },
): Promise<Times> =>
  worker.evaluate(`(async () => {
    const { subtle } = crypto
    if (!${hasCryptography}) Object.defineProperty(crypto, 'subtle', { value: undefined })
    const solve = () =>
      new Promise((resolve) => {
        globalThis.postMessage = resolve
        dispatchEvent(new MessageEvent('message', { data: ${JSON.stringify(challenge)} }))
      })
    const salt = new Uint8Array(16)
    const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ${ROUNDS} }
    const derive = async () => {
      for (let nth = 0; nth < ${KEYS}; nth++) {
        const password = new Uint8Array(20).fill(nth)
        const key = await subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
        await subtle.deriveBits(how, key, 256)
      }
    }
    const timed = async (work) => {
      const begun = performance.now()
      if ((await work()) === null) throw new Error('no solution')
      return (performance.now() - begun) / ${KEYS}
    }
    const least = { solver: Infinity, yardstick: Infinity }
    for (let nth = 0; nth < ${MEASUREMENTS}; nth++) {
      least.solver = Math.min(least.solver, await timed(solve))
      least.yardstick = Math.min(least.yardstick, await timed(derive))
    }
    return least
  })()`)
