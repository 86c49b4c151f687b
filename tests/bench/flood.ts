import { setTimeout as wait } from 'node:timers/promises'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import { openSite } from '../faults/site/open-site.ts'
import { forgeProof } from './speed/forge-proof.ts'
import { load } from './speed/http-load.ts'

/**
 * An honest signer's mail while a flood of forms comes in: npm run bench -- flood [seconds] [forms a second] [networks]
 * The flood's forms have no proof of work, or each a true one: both are measured.
 */
const [seconds = '20', rate = '1000', networks = '5000'] = process.argv.slice(2)
const forMs = Number(seconds) * 1000
const HONEST_EVERY_MS = 250
const CONNECTIONS = 64
/** Longer than a held mail waits. */
const PATIENCE_MS = 90_000

const undo: (() => Promise<unknown>)[] = []
try {
  console.log(`${rate} forms a second from ${networks} networks, for ${seconds} s`)
  console.log(
    '| flood | its forms taken, refused | its mails | held | honest: taken | mail after: p50, p99, longest |',
  )
  console.log('|---|---|---|---|---|---|')
  for (const proved of [false, true]) await flood(proved)
} finally {
  for (const each of undo.reverse()) await each().catch(() => {})
}
process.exit(0)

async function flood(proved: boolean): Promise<void> {
  const site = await openSite(
    { nodes: ['web', 'worker'], environment: { LIMITS: 'on', TRUST_PROXY: 'loopback' } },
    undo,
  )
  const { proofs } = deriveKeyring(site.secretKey)
  const port = Number(new URL(site.origin).port)
  const sent = new Map<string, number>()
  const waits: number[] = []
  site.mail.onLink((address) => {
    const since = sent.get(address)
    if (since === undefined) return
    sent.delete(address)
    waits.push(performance.now() - since)
  })
  let nth = 0
  const attack = load({
    port,
    connections: CONNECTIONS,
    rate: Number(rate),
    forMs,
    next() {
      nth++
      const network = nth % Number(networks)
      const from = `45.${network >> 8}.${network & 255}.${1 + (nth % 200)}`
      return form(`robot${nth}@farm${nth % 50}.example.org`, from, proved ? forgeProof(proofs) : '')
    },
  })
  const statuses = new Map<number, number>()
  const end = performance.now() + forMs
  for (let signer = 0; performance.now() < end; signer++) {
    const email = `honest${signer}@example.net`
    // The mail may come before the answer is read.
    sent.set(email, performance.now())
    const answer = await fetch(`${site.origin}/en/p/cop29-baku/signatures`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': `91.${signer >> 8}.${signer & 255}.9`,
      },
      body: bodyOf(email, forgeProof(proofs)),
    })
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    if (answer.status !== 303) sent.delete(email)
    await wait(HONEST_EVERY_MS)
  }
  const { statuses: taken } = await attack
  for (let waited = 0; sent.size > 0 && waited < PATIENCE_MS; waited += 100) await wait(100)
  const { rows } = await site.sql.query(
    `select held, count(*)::int as forms from submission where held is not null group by held order by held`,
  )
  const mails = [...site.mail.links.keys()].filter((address) => address.startsWith('robot')).length
  waits.sort((a, b) => a - b)
  const at = (share: number) => Math.round(waits[Math.floor((waits.length - 1) * share)] ?? 0)
  const held = rows.map((row) => `${row.forms} ${row.held}`).join(', ')
  console.log(
    `| ${proved ? 'with' : 'without'} proofs | ${taken[303] ?? 0}, ${taken[503] ?? 0} | ${mails} | ${held} | ${statuses.get(303) ?? 0} of ${[...statuses.values()].reduce((sum, count) => sum + count, 0)} | ${at(0.5)}, ${at(0.99)}, ${at(1)} ms; ${sent.size} not within ${PATIENCE_MS / 1000} s |`,
  )
  for (const node of site.nodes) await node.stop()
}

function form(email: string, from: string, proof: string): Buffer {
  const body = bodyOf(email, proof)
  return Buffer.from(
    `POST /en/p/cop29-baku/signatures HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: ${from}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

function bodyOf(email: string, proof: string): string {
  const fields = `name=Signer+Number&email=${encodeURIComponent(email)}&country=DE&display=hidden&consent=yes&textVersion=1`
  return proof ? `${fields}&${proof}` : fields
}
