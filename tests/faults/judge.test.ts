import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createTransport } from 'nodemailer'
import { closeConnections } from '../scale/load/ask.ts'
import { closeAll } from '../scale/site/open-site.ts'
import { untilHolds, wait } from '../scale/wait.ts'
import { judge } from './judge/judge.ts'
import { beginCrowd, type Crowd } from './load/crowd.ts'
import { openSite, type Site } from './site/open-site.ts'

const SIGN_FOR_MS = 2000

describe('the judge of the trials', () => {
  const undo: (() => Promise<unknown>)[] = []
  let site: Site
  let crowd: Crowd
  before(async () => {
    site = await openSite({}, undo)
    crowd = beginCrowd(site, { name: 'honest', signers: 5, readers: 5 })
    await wait(SIGN_FOR_MS)
    await crowd.end()
  })
  after(async () => {
    await closeAll(undo)
    closeConnections()
  })

  async function look() {
    const failures: string[] = []
    const figures = await judge(
      site,
      [crowd],
      { allows: {}, isReachable: () => true, isShort: true },
      {
        tell() {},
        check: (what, holds) => void (holds || failures.push(what)),
      },
    )
    return { failures, ...figures }
  }

  it('finds nothing where nothing is wrong', async () => {
    const { failures, lost, doubled, inputs } = await look()
    assert.deepEqual({ failures, lost, doubled }, { failures: [], lost: 0, doubled: 0 })
    assert.ok(inputs > 0)
  })

  it('finds a mail that went twice, a checkpoint of another log, a process that ended by itself', async () => {
    const [address] = crowd.signed
    const sender = createTransport({ url: site.mail.url })
    await sender.sendMail({ from: 'site@example.org', to: address, text: 'again' })
    sender.close()
    const forged = [...site.checkpoints].at(-1)!.split('\n')
    forged[2] = Buffer.alloc(32, 9).toString('base64')
    site.checkpoints.add(forged.join('\n'))
    process.kill(site.nodes[0]!.part.pid, 'SIGKILL')
    await untilHolds(120_000, async () =>
      fetch(`${site.origin}/readyz`).then(
        ({ ok }) => ok && site.nodes[0]!.deaths.length > 0,
        () => false,
      ),
    )
    const { failures, doubled } = await look()
    assert.deepEqual(failures, [
      'the log verifies, and extends each checkpoint that was seen',
      'no process ended by itself',
      'no form is mailed more than once',
    ])
    assert.equal(doubled, 1)
    site.checkpoints.clear()
  })

  it('finds a signature that is gone', async () => {
    await site.sql.query(
      `with gone as (select id from signature where id not in (select signature_id from public_name) limit 1),
            sealed as (delete from sealed_record where signature_id in (select id from gone))
       delete from signature where id in (select id from gone)`,
    )
    const { failures, lost } = await look()
    assert.equal(lost, 2, 'a form and its confirmation')
    assert.ok(failures.includes('nothing acknowledged is lost'))
    assert.ok(
      failures.some((what) => what.startsWith('the count is exactly')),
      failures.join(),
    )
  })
})
