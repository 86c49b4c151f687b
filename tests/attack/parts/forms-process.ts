import { pbkdf2Sync } from 'node:crypto'
import { deriveKeyring } from '../../../src/platform/keyring.ts'
import { newPartnerCode } from '../../../src/sharing/share-code.ts'
import { forgeProof } from '../../bench/speed/forge-proof.ts'
import { load } from '../../bench/speed/http-load.ts'
import { PETITION } from '../../scale/petition.ts'
import type { FormsResult, FormsTask } from './forms.ts'

const CONNECTIONS = 64
const FARMS = 50
/** However slow the machine: more than are taken before work is asked for. */
const LEAST_SOLVED = 120

process.once('message', async (task: FormsTask) => process.send!(await run(task)))

async function run(task: FormsTask): Promise<FormsResult> {
  if (task.proofs === 'solved') return solveAndSend(task)
  const { proofs } = deriveKeyring(Buffer.from(task.secretKey, 'hex'))
  const { port, forMs, rate } = task
  const most = Math.round((rate * forMs) / 1000)
  let nth = 0
  const next = () => {
    if (nth === most) return null
    nth++
    const proof = task.proofs === 'forged' ? `&${forgeProof(proofs)}` : ''
    const body = bodyOf(nth) + proof
    const head = [
      `POST ${PETITION.page}/signatures HTTP/1.1`,
      'Host: 127.0.0.1',
      `X-Forwarded-For: ${placeOf(nth, task)}`,
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ]
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
  }
  return load({ port, connections: CONNECTIONS, rate, next })
}

/** As a robot's native program would, one key after the other. */
async function solveAndSend(task: FormsTask): Promise<FormsResult> {
  const begun = performance.now()
  const origin = `http://127.0.0.1:${task.port}`
  const statuses: Record<number, number> = {}
  let [free, keys] = [0, 0]
  const end = begun + task.forMs
  for (let nth = 1; nth <= LEAST_SOLVED || performance.now() < end; nth++) {
    const from = { 'x-forwarded-for': placeOf(nth, task) }
    const asked = await fetch(`${origin}/challenge`, { headers: from })
    const { parameters, signature } = (await asked.json()) as Challenge
    // Where none is asked for, there is nothing to do. Of the key the half that was told is left out.
    const solution = parameters && solve(parameters)
    const proof = solution ? signature + solution.key.slice(parameters.keyPrefix.length) : ''
    if (solution) keys += solution.keys
    else free++
    const answer = await fetch(`${origin}${PETITION.page}/signatures`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...from, 'content-type': 'application/x-www-form-urlencoded' },
      body: `${bodyOf(nth)}&altcha=${proof}`,
    })
    await answer.arrayBuffer()
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
  }
  return { statuses, seconds: (performance.now() - begun) / 1000, free, keys }
}

interface Challenge {
  parameters?: Parameters
  signature: string
}

interface Parameters {
  nonce: string
  salt: string
  cost: number
  keyLength: number
  keyPrefix: string
}

/** @returns the key that was looked for, and how many it took */
function solve(parameters: Parameters): { key: string; keys: number } {
  const { nonce, salt, cost, keyLength, keyPrefix } = parameters
  const password = Buffer.concat([Buffer.from(nonce, 'hex'), Buffer.alloc(4)])
  const [salted, wanted] = [Buffer.from(salt, 'hex'), Buffer.from(keyPrefix, 'hex')]
  for (let counter = 0; ; counter++) {
    password.writeUInt32BE(counter, password.length - 4)
    const key = pbkdf2Sync(password, salted, cost, keyLength, 'sha256')
    if (key.subarray(0, wanted.length).equals(wanted))
      return { key: key.toString('hex'), keys: counter + 1 }
  }
}

/** Each with a made-up share code: they are looked up, too. */
const bodyOf = (nth: number) =>
  `name=Signer+Number&email=robot${nth}%40farm${nth % FARMS}.example.org&country=DE&display=hidden&consent=yes&textVersion=1&ref=${newPartnerCode()}`

function placeOf(nth: number, { networks }: FormsTask): string {
  const network = nth % networks
  return `45.${network >> 8}.${network & 255}.${1 + (nth % 200)}`
}
