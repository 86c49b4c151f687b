import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Held } from '../../src/defence/verdict.ts'
import { DAY, MINUTE, SECOND } from '../../src/platform/clock.ts'
import { parseSignForm } from '../../src/signature/form/sign-form.ts'
import { DEMO } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { runProgram } from '../support/program.ts'
import { proveWork } from '../support/prove-work.ts'
import { form, post } from '../support/signer.ts'

describe('a flood of forms', () => {
  const harness = useFreshHarness({ TRUST_PROXY: 'loopback' }, { guard: true })

  const from = (address: string) => ({ 'x-forwarded-for': address })
  const sign = (email: string, address: string, proof = '') =>
    post(
      harness,
      `/en/p/${DEMO}/signatures`,
      form({ email, ...(proof && { altcha: proof }) }),
      from(address),
    )
  const held = async () =>
    Object.fromEntries(
      (await harness.site.signatures.countHeld(null)).map(({ held, forms }) => [held, forms]),
    )
  const run = (...line: string[]) => runProgram(['held', ...line], harness.environment).ended
  const mailed = () => harness.mail.mails.length
  const release = async () => {
    await harness.site.signatures.releaseHeld()
    await harness.work()
  }

  it('from one network is taken like every form, and its mails wait; a neighbour’s go out', async () => {
    const answers: Response[] = []
    for (let nth = 0; nth < 12; nth++) {
      answers.push(await sign(`flood${nth}@example.org`, '203.0.113.7'))
    }
    const [first, ...others] = answers
    for (const { status, headers } of others) {
      assert.equal(status, first!.status)
      assert.equal(headers.get('location'), first!.headers.get('location'))
    }
    await harness.work()
    assert.ok(mailed() < 12)
    assert.deepEqual(await held(), { slow: 12 - mailed() })
    const before = mailed()
    await sign('neighbour@example.net', '198.51.100.4')
    await harness.work()
    assert.equal(mailed(), before + 1)
    await release()
    assert.equal(mailed(), before + 1, 'not within the minute')
    harness.clock.move(MINUTE + SECOND)
    await release()
    assert.equal(mailed(), 13)
    assert.deepEqual(await held(), {})
  })

  it('who has done the work is mailed at once, from the same network; a proof lets one form pass', async () => {
    for (let nth = 0; nth < 12; nth++) await sign(`flood${nth}@example.org`, '203.0.113.7')
    await harness.work()
    const before = mailed()
    const proof = await proveWork(harness, from('203.0.113.7'))
    await sign('worked@example.org', '203.0.113.7', proof)
    await harness.work()
    assert.equal(mailed(), before + 1)
    await sign('again@example.org', '203.0.113.7', proof)
    const other = await proveWork(harness, from('203.0.113.7'))
    await Promise.all([
      sign('twice1@example.org', '203.0.113.7', other),
      sign('twice2@example.org', '203.0.113.7', other),
    ])
    await harness.work()
    assert.equal(mailed(), before + 2, 'one of the two, and none with the spent one')
  })

  it('the more comes from a place, the more work it is asked for; a proof of little is one of none', async () => {
    const asked = async (address: string) => {
      const answer = await fetch(`${harness.origin}/challenge`, { headers: from(address) })
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      return ((await answer.json()) as { parameters: { data: { work: number } } }).parameters.data
        .work
    }
    const early = await proveWork(harness, from('203.0.113.7'))
    const peace = await asked('203.0.113.7')
    for (let nth = 0; nth < 40; nth++) await sign(`flood${nth}@example.org`, '203.0.113.7')
    assert.ok((await asked('203.0.113.7')) > peace * 4)
    assert.equal(await asked('198.51.100.4'), peace)
    const neighbours = await asked('203.0.113.200')
    assert.ok(neighbours > peace, 'of the neighbourhood somewhat more')
    await harness.work()
    const before = mailed()
    await sign('early@example.org', '203.0.113.7', early)
    await harness.work()
    assert.equal(mailed(), before)
  })

  it('that does the work, too, is mailed a few a minute until it is over; nobody is lost', async () => {
    for (let nth = 0; nth < 90; nth++) {
      await sign(`flood${nth}@town${nth}.example.org`, '203.0.113.7')
    }
    const { network = 0, ...others } = await held()
    assert.ok(network >= 25, JSON.stringify(others))
    await harness.work()
    harness.clock.move(2 * MINUTE)
    await release()
    const before = mailed()
    await release()
    assert.equal(mailed(), before + 10, 'a few a minute, while it goes on')
    harness.clock.move(40 * MINUTE)
    await release()
    assert.equal(mailed(), 90)
  })

  it('with one address, or to one domain that is no provider’s, waits as well', async () => {
    for (let nth = 0; nth < 8; nth++) await sign('victim@example.org', `203.0.${nth}.7`)
    assert.deepEqual(await held(), { address: 2 })
  })

  it('an operator sees what waits, lets it go, or erases it after counting', async () => {
    for (let nth = 0; nth < 12; nth++) await sign(`flood${nth}@example.org`, '203.0.113.7')
    await harness.work()
    const before = mailed()
    const list = await run('list', DEMO)
    assert.match(list.output, new RegExp(`^slow\t${12 - before}\t2`))
    const released = await run('release', DEMO, '--reason', 'slow', '--limit', '1')
    assert.match(released.output, /1 forms of "slow" are mailed/)
    await harness.work()
    assert.equal(mailed(), before + 1)
    const erase = (forms: number) =>
      run('erase', DEMO, '--reason', 'slow', '--forms', String(forms))
    const refused = await erase(99)
    assert.equal(refused.code, 1)
    assert.match(refused.errors, /--forms says 99: nothing was erased/)
    assert.match((await erase(11 - before)).output, /are erased/)
    assert.deepEqual(await held(), {})
  })

  describe('that does no work', () => {
    const proved = async (email: string, address: string) =>
      sign(email, address, await proveWork(harness, from(address)))

    it('holds up nobody who does it, through the same network, to the same domain, with the same address', async () => {
      for (let nth = 0; nth < 65; nth++) {
        await sign(`flood${nth}@town${nth}.example.org`, '203.0.113.7')
      }
      for (let nth = 0; nth < 320; nth++)
        await sign(`flood${nth}@small.example`, `203.1.${nth % 200}.7`)
      for (let nth = 0; nth < 8; nth++) await sign('victim@example.org', `203.2.${nth}.7`)
      const before = await held()
      assert.ok(before.network && before.domain && before.address, JSON.stringify(before))
      await proved('behind-it@example.net', '203.0.113.7')
      await proved('ann@small.example', '198.51.100.1')
      await proved('victim@example.org', '198.51.100.2')
      assert.deepEqual(await held(), before)
    })

    it('or brings one proof again and again, is one without', async () => {
      const proof = await proveWork(harness, from('203.0.113.7'))
      for (let nth = 0; nth < 140; nth++) {
        await sign(`flood${nth}@town${nth}.example.org`, `203.${nth}.1.7`, proof)
      }
      const { slow = 0 } = await held()
      assert.ok(slow < 40, `of those without proof some are mailed at once: ${slow}`)
      await sign('plain@example.net', '198.51.100.1')
      assert.equal((await held()).slow, slow + 1, 'they count as such')
    })
  })

  describe('that was held', () => {
    /** As `weigh` judged it. */
    const hold = async (email: string, why: Held) => {
      const petition = await harness.site.petitions.find(DEMO)
      const parsed = parseSignForm(form({ email }))
      assert.ok(parsed.ok)
      const weighed = { held: why, proof: null }
      await harness.site.signatures.sign(petition!, 'en', parsed.input, weighed)
    }
    const many = (count: number, email: (nth: number) => string, why: Held) =>
      Promise.all(Array.from({ length: count }, (_, nth) => hold(email(nth), why)))
    const isMailed = (email: string) => harness.mail.allTo(email).length > 0

    it('to one domain keeps nobody at another waiting', async () => {
      await many(700, (nth) => `flood${nth}@gmail.com`, 'slow')
      harness.clock.move(SECOND)
      await hold('ann@proton.me', 'slow')
      harness.clock.move(2 * MINUTE)
      await release()
      assert.ok(isMailed('ann@proton.me'))
    })

    it('for one reason is over though another goes on', async () => {
      await hold('ann@example.net', 'unproved')
      for (let minutes = 0; minutes < 40; minutes += 20) {
        harness.clock.move(20 * MINUTE)
        await hold(`robot${minutes}@example.org`, 'address')
        await release()
      }
      harness.clock.move(SECOND)
      await release()
      assert.ok(isMailed('ann@example.net'))
    })

    it('with many forms of one address keeps nobody’s own from going out, while it goes on', async () => {
      await hold('victim@example.net', 'address')
      harness.clock.move(SECOND)
      await many(50, () => 'robot@example.net', 'address')
      await many(50, (nth) => `flood${nth}@example.org`, 'network')
      harness.clock.move(2 * MINUTE)
      await hold('robot@example.net', 'address')
      await release()
      assert.ok(isMailed('victim@example.net'))
    })

    it('by a clock that was a day ahead goes out all the same', async () => {
      harness.clock.set(DAY)
      await hold('ann@example.net', 'slow')
      await hold('ben@example.net', 'unproved')
      harness.clock.set(-DAY)
      harness.clock.move(2 * MINUTE)
      await release()
      assert.ok(isMailed('ann@example.net'))
      assert.ok(isMailed('ben@example.net'))
    })

    it('goes out though one of them can’t be read', async () => {
      await hold('broken@example.net', 'slow')
      await harness.connection.pool.query(`update submission set details = '\\x00'`)
      await hold('ann@example.net', 'slow')
      harness.clock.move(2 * MINUTE)
      await release()
      assert.ok(isMailed('ann@example.net'))
    })
  })
})
