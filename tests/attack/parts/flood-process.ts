import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { newPartnerCode } from '../../../src/sharing/share-code.ts'
import type { FloodResult, FloodTask } from './flood.ts'

/** One task from the process that began this one, and its result. */
process.once('message', async (task: FloodTask) => process.send!(await run(task)))

const STATUS = /^HTTP\/1\.1 (\d{3}) /

async function run({ port, connections, forMs, request }: FloodTask): Promise<FloodResult> {
  const end = performance.now() + forMs
  const result: FloodResult = { requests: 0, statuses: {} }
  const requests = [request].flat()
  let nth = 0

  /** One request on a connection of its own, closed by the answer: what a refusal does as well. */
  const once = () =>
    new Promise<void>((resolve) => {
      let status = 0
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      socket.on('data', (chunk) => {
        status ||= Number(STATUS.exec(chunk.toString('latin1', 0, 20))?.[1] ?? 0)
      })
      socket.on('error', () => {})
      socket.on('close', () => {
        result.requests++
        result.statuses[status] = (result.statuses[status] ?? 0) + 1
        resolve()
      })
      socket.write(fill(requests[nth % requests.length]!, nth++))
    })

  const keepBusy = async () => {
    while (performance.now() < end) await once()
  }
  await Promise.all(Array.from({ length: connections }, keepBusy))
  return result
}

const TOKEN_BYTES = 40

function fill(request: string, nth: number): string {
  return request
    .replaceAll('{n}', String(nth))
    .replaceAll('{code}', newPartnerCode)
    .replaceAll('{token}', () => randomBytes(TOKEN_BYTES).toString('base64url'))
}
