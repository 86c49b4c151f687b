import { PETITION } from '../../scale/petition.ts'
import { untilHolds } from '../../scale/wait.ts'
import type { Attack } from '../attack.ts'
import { flood } from '../parts/flood.ts'

/** Who have signed, and whose links to withdraw are asked for over and over. */
const VICTIMS = 5
const SIGNED_WITHIN_MS = 60_000
/** The form's, and one link before the pause of an hour: see src/defence/cap-mails.ts. */
const MAILS_EACH = 2
const LOOKED_UP_WITHIN_MS = 600_000

export const attack: Attack = {
  name: 'withdrawal-searches',
  what: 'links to withdraw, asked for strangers and over and over for five who have signed, as many as 16 connections carry',
  sizes: { short: 0, long: 20 },
  bearable: 1500,
  allows: { mailsEach: MAILS_EACH },
  async run(stage, seconds) {
    const { site, check, crowd } = stage
    await untilHolds(SIGNED_WITHIN_MS, () => crowd.confirmed.size >= VICTIMS)
    const victims = [...crowd.confirmed].slice(0, VICTIMS)
    const request = [...victims, ...victims.map(() => '{code}@town.example.org')].map(ask)
    const asked = await flood(stage, seconds, request, 200)
    const begun = performance.now()
    await untilHolds(LOOKED_UP_WITHIN_MS, async () => {
      const { rows } = await site.sql.query(
        `select from graphile_worker.jobs where task_identifier = 'mail-withdrawal' and run_at < now() + interval '1 minute' limit 1`,
      )
      return rows.length === 0
    })
    const after = Math.round((performance.now() - begun) / 1000)
    const links = victims.map((address) => (site.mail.mails.get(address) ?? 0) - 1)
    const strangers = site.mail.taken.filter((address) => address.endsWith('@town.example.org'))
    check(
      'those who have signed get theirs',
      links.length === VICTIMS && Math.min(...links) > 0,
      `${links}`,
    )
    check('nobody gets more links than the caps allow', Math.max(...links) < MAILS_EACH, `${links}`)
    check('who has not signed gets none', strangers.length === 0, `${strangers.length}`)
    const attacker = `${asked.attacker}; ${links.reduce((sum, each) => sum + each, 0)} links mailed to the five, ${strangers.length} to strangers; all looked up ${after} s later`
    return { ...asked, attacker }
  },
}

function ask(address: string): string {
  const body = `email=${address.replace('@', '%40')}`
  // A code has eight characters, and its place six.
  const length = body.length + (body.includes('{code}') ? 2 : 0)
  const head = [
    `POST ${PETITION.page}/withdraw HTTP/1.1`,
    'Host: x',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${length}`,
    'Connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
