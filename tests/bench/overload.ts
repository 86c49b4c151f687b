import { randomBytes } from 'node:crypto'
import { makeToken } from '../../src/platform/link-token.ts'
import { createConnections } from './replay/load/connections.ts'
import { createHistogram } from './replay/load/histogram.ts'
import { PAGE } from './speed/addresses.ts'
import { freshPending, pendingOf } from './speed/pending.ts'
import { openStage, type Stage } from './speed/stage.ts'

/**
 * More forms than the site can take, at once, three and ten times the highest rate that it reaches, while others
 * read a page, ask for the figures and confirm: npm run bench -- overload [seconds] [processes] [factors…]
 * Requests go out when they are due, over as many connections as that takes; times count from then.
 */
const [seconds = '10', processes = '1', ...factors] = process.argv.slice(2)
const forMs = Number(seconds) * 1000
const CONNECTIONS = 4000
const BESIDE_A_SECOND = 50
const TURN_MS = 2
/** Answers that come later count as time-outs. */
const PATIENCE_MS = 10_000

const stage = await openStage(null, { more: { WEB_PROCESSES: processes, LIMITS: 'on' } })
try {
  // The first round warms up.
  await stage.run({ kind: 'sign', forMs: 3000 })
  const { statuses } = await stage.run({ kind: 'sign', forMs: 4000 })
  const peak = (statuses[303] ?? 0) / 4
  console.log(`${Math.round(peak)} forms a second at most; ${processes} process(es)\n`)
  console.log('| forms offered | request | answered | a second | p50 | p99 | longest | ms |')
  console.log('|---|---|---|---|---|---|---|---|')
  for (const factor of factors.length > 0 ? factors : ['1', '3', '10'])
    await overload(stage, Number(factor) * peak, `${factor} ×`)
} finally {
  await stage.close()
}
process.exit(0)

async function overload(stage: Stage, rate: number, name: string): Promise<void> {
  const connections = createConnections(stage.port, CONNECTIONS)
  const beside = createConnections(stage.port, CONNECTIONS)
  const { first } = await freshPending(stage, (BESIDE_A_SECOND * forMs) / 1000 + 100)
  const stamp = randomBytes(5).toString('hex')
  const outcomes = new Map<string, ReturnType<typeof createHistogram>>()
  const send = (kind: string, bytes: Buffer, due: number, over = beside) =>
    over.send(bytes, (answer) => {
      const key = `${kind} | ${answer?.status ?? 'no answer'}`
      const histogram = outcomes.get(key) ?? createHistogram()
      outcomes.set(key, histogram)
      histogram.add(performance.now() - due)
    })
  const begun = performance.now()
  let forms = 0
  let others = 0
  for (let now = begun; now - begun < forMs; now = performance.now()) {
    for (const end = ((now - begun) * rate) / 1000; forms < end; forms++) {
      send('form', sign(`${stamp}-${forms}`), begun + (forms * 1000) / rate, connections)
    }
    for (const end = ((now - begun) * BESIDE_A_SECOND) / 1000; others < end; others++) {
      const due = begun + (others * 1000) / BESIDE_A_SECOND
      send('page', get(PAGE), due)
      send('made-up page', get(`${PAGE}?source=${stamp}${others}`), due)
      const token = makeToken(stage.site.keyring, 'confirm', pendingOf(first + others))
      send('confirm', post(`/en/confirm/${token}`, 'decision=confirm'), due)
    }
    await new Promise((resolve) => setTimeout(resolve, TURN_MS))
  }
  const open = () => connections.open() + beside.open()
  for (let waited = 0; open() > 0 && waited < PATIENCE_MS; waited += 100) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (const [key, histogram] of [...outcomes].sort()) {
    const { count, p50, p99, max } = histogram.summary()
    const times = [p50, p99, max].map((ms) => Math.round(ms))
    console.log(
      `| ${name} | ${[key, Math.round((count * 1000) / forMs), ...times].join(' | ')} | |`,
    )
  }
  console.log(`| ${name} | none within ${PATIENCE_MS / 1000} s | ${open()} | | | | | |`)
  connections.close()
  beside.close()
  await new Promise((resolve) => setTimeout(resolve, 2000))
}

function get(path: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: identity\r\n\r\n`)
}

function sign(nth: string): Buffer {
  return post(
    '/en/p/cop29-baku/signatures',
    `name=Signer+Number&email=s${nth}%40example.org&country=DE&display=hidden&consent=yes&postcode=10115&comment=&website=&source=&ref=&textVersion=1`,
  )
}

function post(path: string, body: string): Buffer {
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
