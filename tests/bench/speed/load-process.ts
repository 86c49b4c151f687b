import { randomBytes } from 'node:crypto'
import { deriveKeyring } from '../../../src/platform/keyring.ts'
import { makeToken } from '../../../src/platform/link-token.ts'
import { forgeProof } from './forge-proof.ts'
import { load } from './http-load.ts'
import { pendingOf } from './pending.ts'
import type { LoadTask } from './speed-task.ts'

/** The load generator as a process of its own: takes tasks from its parent, answers with results. */
const keyring = deriveKeyring(Buffer.alloc(32, 7))

/** Forms that this machine takes at most. */
const MOST_A_SECOND = 15_000
const forge = () => forgeProof(keyring.proofs)

process.on('message', async (task: LoadTask) => {
  const result = await load({
    port: task.port,
    connections: task.connections,
    forMs: task.forMs,
    rate: task.rate,
    next: nextOf(task),
  })
  const { latencies, ...rest } = result
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0
  process.send!({ ...rest, p50: at(0.5), p99: at(0.99), max: latencies.at(-1) ?? 0 })
})

function nextOf(task: LoadTask): () => Buffer | null {
  if (task.kind === 'get') {
    const request = Buffer.from(
      `GET ${task.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: ${task.encoding ?? 'identity'}\r\n\r\n`,
    )
    return () => request
  }
  if (task.kind === 'sign') {
    const stamp = randomBytes(5).toString('hex')
    // Made beforehand, as those of the confirmations below.
    const proofs = task.proofs
      ? Array.from({ length: Math.ceil(((task.forMs ?? 0) / 1000) * MOST_A_SECOND) }, forge)
      : null
    let count = 0
    return () => {
      count++
      return post(
        '/en/p/cop29-baku/signatures',
        `name=Signer+Number+${count}&email=s${count}.${stamp}%40example.org&country=DE&display=hidden&consent=yes&postcode=10115&comment=&website=&source=&ref=&textVersion=1${proofs ? `&${proofs.pop() ?? forge()}` : ''}`,
      )
    }
  }
  // Made beforehand: what they cost is not the program's.
  const { first, last } = task
  const requests = Array.from({ length: last - first + 1 }, (_, nth) => {
    const token = makeToken(keyring, 'confirm', pendingOf(first + nth))
    return post(`/en/confirm/${token}`, 'decision=confirm')
  })
  let next = 0
  return () => requests[next++] ?? null
}

function post(path: string, body: string): Buffer {
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
