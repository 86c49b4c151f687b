import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { after, before, describe, it, type TestContext } from 'node:test'
import { createLeases } from '../../src/defence/lease-mails.ts'
import type { Petition } from '../../src/petition/petition.ts'
import { parseEmail } from '../../src/platform/address/email-address.ts'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { newId } from '../../src/platform/random-id.ts'
import { addressHash, encryptAddress, unwrapTagKey } from '../../src/sealing/signer-details.ts'
import { mailWithdrawal } from '../../src/signature/mail/mail-withdrawal.ts'
import { createRecorder } from '../../src/signature/mail/record-outcomes.ts'
import { tagFor } from '../../src/signature/mailbox.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { runProgram } from '../support/program.ts'
import { form } from '../support/signer.ts'

/** Requests about addresses that have signed, and as many about others. */
const EACH = 1000
/**
 * How often a guess by the time taken is right, where 0.5 says nothing. With a thousand of each, equal times
 * give 0.5 ± 0.013 (Mann and Whitney), so that 0.55 is past chance, once in ten thousand looks: what is past it is looked
 * at a second time.
 */
const MOST = 0.55

describe('an observer who times the answers', () => {
  let harness: Harness
  let petition: Petition
  let programs: ReturnType<typeof runProgram>[]
  let origin: string

  before(async () => {
    harness = await startHarness()
    petition = await getDemo(harness)
    const port = await freePort()
    origin = `http://127.0.0.1:${port}`
    const own = { PORT: String(port), PUBLIC_URL: origin, LIMITS: 'off' }
    // Otherwise the mails of forms without proof of work would wait, and tell nothing beside the answers.
    const environment = { ...harness.environment, ...own }
    programs = [runProgram(['web'], environment), runProgram(['worker'], environment)]
    await Promise.all(programs.map((program) => program.untilRunning()))
  })
  after(async () => {
    for (const { child } of programs) child.kill('SIGTERM')
    await Promise.all(programs.map(({ ended }) => ended))
    await harness.close()
  })

  /** Known and unknown addresses, in no order. The known have signed: their rows are as a confirmation makes them. */
  async function makeAddresses(what: string): Promise<{ email: string; known: boolean }[]> {
    const { keyring, db } = harness.site
    const all = Array.from({ length: 2 * EACH }, (_, nth) => ({
      email: `${what}-${nth}-${randomInt(1e9)}@example.org`,
      known: nth % 2 === 0,
    }))
    const key = unwrapTagKey(keyring, petition.tagKey!)
    const rows = all
      .filter(({ known }) => known)
      .map(({ email }) => {
        const { exact, normalised } = parseEmail(email)!
        return {
          id: newId(),
          confirmed_at: new Date(),
          petition_id: petition.id,
          text_version: 1,
          country: 'DE',
          language: 'en',
          source: null,
          ref: null,
          tag: tagFor(petition, keyring, normalised),
          address: addressHash(key, exact),
        }
      })
    await db.insertInto('signature').values(rows).execute()
    for (let last = all.length - 1; last > 0; last--) {
      const chosen = randomInt(last + 1)
      ;[all[last], all[chosen]] = [all[chosen]!, all[last]!]
    }
    return all
  }

  async function timed(work: () => Promise<unknown>): Promise<number> {
    const start = performance.now()
    await work()
    return performance.now() - start
  }

  const post = async (path: string, fields: Record<string, string>) => {
    const answer = await fetch(`${origin}/en/p/${DEMO}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields),
    })
    await answer.text()
  }
  const neighbour = async () => (await fetch(`${origin}/healthz`)).text()

  /** Asks about each, and asks a neighbour right after it. */
  async function watch(what: string, ask: (email: string) => Promise<void>) {
    const answers = new Times()
    const neighbours = new Times()
    for (const { email, known } of await makeAddresses(what)) {
      answers.add(known, await timed(() => ask(email)))
      neighbours.add(known, await timed(neighbour))
    }
    return { answers: answers.advantage(), neighbours: neighbours.advantage() }
  }

  async function learnsNothing(t: TestContext, look: () => Promise<Record<string, number>>) {
    const isNothing = async () => {
      const advantages = Object.entries(await look())
      t.diagnostic(advantages.map(([what, most]) => `${what} ${most.toFixed(3)}`).join(', '))
      return advantages.every(([, most]) => most < MOST)
    }
    assert.ok((await isNothing()) || (await isNothing()))
  }

  it('learns nothing from the answer to a withdrawal form, or from a request beside it', async (t) => {
    await learnsNothing(t, () => watch('leaves', (email) => post('/withdraw', { email })))
  })

  it('learns nothing from the answer to a form, or from a request beside it', async (t) => {
    await learnsNothing(t, () => watch('signs', (email) => post('/signatures', form({ email }))))
  })

  it('learns nothing from the work of the mail’s job up to the socket', async (t) => {
    const { site } = harness
    // Where the socket begins: all before it is the program's own.
    const send = async () => ({ outcome: 'accepted' as const })
    const mailer = { ...site.mailer, enter: async () => ({ send, leave: () => {} }) }
    // One reading of the petitions each: the harness keeps none.
    const petitions = { ...site.petitions, findById: async () => petition }
    const needs = { ...site, mailer, petitions, leases: createLeases(site.db) }
    const record = createRecorder(needs)
    await learnsNothing(t, async () => {
      const times = new Times()
      for (const { email, known } of await makeAddresses('works')) {
        const to = encryptAddress(site.keyring, email)
        const job = { petitionId: petition.id, language: 'en', to }
        times.add(known, await timed(() => mailWithdrawal(needs, record, job)))
      }
      return { work: times.advantage() }
    })
  })
})

class Times {
  readonly known: number[] = []
  readonly unknown: number[] = []

  add(known: boolean, time: number): void {
    ;(known ? this.known : this.unknown).push(time)
  }

  /** The area under the ROC curve, by ranks, whichever of the two is slower. */
  advantage(): number {
    const ranked = [
      ...this.known.map((time) => ({ time, known: true })),
      ...this.unknown.map((time) => ({ time, known: false })),
    ].sort((a, b) => a.time - b.time)
    const sum = ranked.reduce((total, { known }, rank) => total + (known ? rank + 1 : 0), 0)
    const { length } = this.known
    const area = (sum - (length * (length + 1)) / 2) / (length * this.unknown.length)
    return Math.max(area, 1 - area)
  }
}
