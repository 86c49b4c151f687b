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

// Over 250 lines: one flood's sender and its networks serve everything that is told of it.

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
    for (let nth = 0; nth < 16; nth++) {
      answers.push(await sign(`flood${nth}@example.org`, '203.0.113.7'))
    }
    const [first, ...others] = answers
    for (const { status, headers } of others) {
      assert.equal(status, first!.status)
      assert.equal(headers.get('location'), first!.headers.get('location'))
    }
    await harness.work()
    assert.ok(mailed() < 16)
    assert.deepEqual(await held(), { slow: 16 - mailed() })
    const before = mailed()
    await sign('neighbour@example.net', '198.51.100.4')
    await harness.work()
    assert.equal(mailed(), before + 1)
    await release()
    assert.equal(mailed(), before + 1, 'not within the minute')
    harness.clock.move(MINUTE + SECOND)
    await release()
    assert.equal(mailed(), 17)
    assert.deepEqual(await held(), {})
  })

  it('who has done the work is mailed at once, from the same network; a proof lets one form pass', async () => {
    for (let nth = 0; nth < 16; nth++) await sign(`flood${nth}@example.org`, '203.0.113.7')
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

  const asked = async (address: string, had = 0) => {
    const answer = await fetch(`${harness.origin}/challenge?had=${had}`, { headers: from(address) })
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    const { enough, parameters } = (await answer.json()) as Answer
    return enough ? 0 : parameters!.data.work
  }
  interface Answer {
    enough?: true
    parameters?: { data: { work: number } }
  }

  it('the more comes from a place, the more work it is asked for; a proof of little is one of none', async () => {
    let some = 0
    for (let nth = 0; some === 0 && nth < 13; nth++) {
      await sign(`flood${nth}@example.org`, '203.0.113.7')
      some = await asked('203.0.113.7')
    }
    assert.ok(some > 0)
    assert.equal(await asked('203.0.113.7', some), 0, 'who has it already is asked for no more')
    const early = await proveWork(harness, from('203.0.113.7'))
    for (let nth = 0; nth < 24; nth++) await sign(`more${nth}@example.org`, '203.0.113.7')
    assert.equal(await asked('203.0.113.7'), some * 4)
    assert.equal(await asked('203.0.113.7', some), some * 4)
    await harness.work()
    const before = mailed()
    await sign('early@example.org', '203.0.113.7', early)
    await harness.work()
    assert.equal(mailed(), before)
  })

  it('of nobody: a form without proof is mailed like others, none is asked for, and a few change nothing', async () => {
    for (let nth = 0; nth < 4; nth++) {
      assert.equal(await asked('203.0.113.7'), 0)
      await sign(`ann${nth}@example.org`, '203.0.113.7')
    }
    await harness.work()
    assert.equal(mailed(), 4)
    for (let nth = 0; nth < 46; nth++) await sign(`flood${nth}@example.net`, `203.${nth}.1.7`)
    assert.ok((await asked('198.51.100.4')) > 0, 'of many without proof all pages are asked')
  })

  it('to one domain, of forms without proof, has all pages asked for work before it holds up any', async () => {
    for (let nth = 0; nth < 240; nth++) {
      if (nth % 30 === 29) harness.clock.move(MINUTE / 4)
      await sign(`flood${nth}@small.example`, `203.${nth % 250}.1.7`)
    }
    assert.equal((await held()).domain, undefined)
    harness.clock.move(10 * MINUTE)
    assert.ok((await asked('198.51.100.4')) > 0)
  })

  it('that does the work, too, is mailed a few a minute until it is over; nobody is lost', async () => {
    for (let nth = 0; nth < 90; nth++) {
      await sign(`flood${nth}@town${nth}.example`, '203.0.113.7')
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
    for (let nth = 0; nth < 16; nth++) await sign(`flood${nth}@example.org`, '203.0.113.7')
    await harness.work()
    const before = mailed()
    const list = await run('list', DEMO)
    assert.match(list.output, new RegExp(`^slow\t${16 - before}\t2`))
    const released = await run('release', DEMO, '--reason', 'slow', '--limit', '1')
    assert.match(released.output, /^Mailed: 1 form of "slow"\.$/m)
    await harness.work()
    assert.equal(mailed(), before + 1)
    const newest = list.output.trim().split('\t')[3]!
    const erase = (until: string, ...more: string[]) =>
      run('erase', DEMO, '--reason', 'slow', '--until', until, ...more)
    for (const until of ['yesterday', '2024-11-12T09:30', '2999-01-01T00:00:00Z']) {
      const refused = await erase(until, '--yes')
      assert.equal(refused.code, 1)
      assert.match(refused.errors, /^undersigned: --until [^\n]+\n$/)
    }
    const left = 15 - before
    const shown = await erase(newest)
    assert.equal(shown.code, 1, 'a script must not take it for done')
    assert.match(shown.output, new RegExp(`^${left} forms? of "slow" .+ \\(UTC\\) would be erased`))
    assert.deepEqual(await held(), { slow: left })
    harness.clock.move(SECOND)
    await sign('later@example.org', '203.0.113.7')
    assert.match((await erase(newest, '--yes')).output, new RegExp(`^${left} forms .+ erased`))
    assert.deepEqual(await held(), { slow: 1 }, 'what came since nobody has looked at')
    const none = await erase(newest, '--yes')
    assert.equal(none.code, 1)
    harness.clock.move(SECOND)
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
      for (let nth = 0; nth < 13; nth++) await sign(`early${nth}@example.org`, '203.0.113.7')
      const proof = await proveWork(harness, from('203.0.113.7'))
      assert.ok(proof)
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
    const hold = async (email: string, why: Held, turn = 0) => {
      const petition = await harness.site.petitions.find(DEMO)
      const parsed = parseSignForm(form({ email }))
      assert.ok(parsed.ok)
      const weighed = { held: why, turn, proof: null, traits: null }
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

    it('without work is mailed a few a minute while it goes on, each network’s first ones first', async () => {
      const robots = (from: number) =>
        Promise.all(
          Array.from({ length: 60 }, (_, nth) =>
            hold(`flood${from + nth}@town${from + nth}.example`, 'unproved', 1 + (nth % 20)),
          ),
        )
      await robots(0)
      harness.clock.move(SECOND)
      await hold('ann@example.net', 'unproved')
      harness.clock.move(SECOND)
      await robots(60)
      for (let minutes = 0; minutes < 2; minutes++) {
        harness.clock.move(2 * MINUTE)
        await hold(`robot${minutes}@example.org`, 'unproved', 60)
        await release()
        assert.equal(mailed(), 10 * (minutes + 1))
        assert.ok(isMailed('ann@example.net'))
      }
    })

    it('to names below one domain is one to that domain', async () => {
      await many(30, (nth) => `flood${nth}@m${nth}.farm.example`, 'network')
      harness.clock.move(SECOND)
      await hold('ann@example.net', 'network')
      harness.clock.move(2 * MINUTE)
      await hold('robot@example.org', 'network')
      await release()
      assert.equal(mailed(), 6)
      assert.ok(isMailed('ann@example.net'))
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
