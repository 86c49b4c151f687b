import { connect } from 'node:net'
import { type Answer, createAnswersReader } from '../support/raw-http.ts'
import type { FuzzRequest } from './make-request.ts'

/** Far above what a full machine takes for a batch; what never answers is found. */
const PATIENCE_MS = 20_000

/**
 * Sends the requests on a connection of their own, one behind the other without waiting, and nothing more.
 *
 * @returns the answers, in order; fewer than there were requests when the server closed before, or was silent
 */
export function exchange(port: number, requests: FuzzRequest[]): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const read = createAnswersReader(requests.map(({ method }) => method))
    const answers: Answer[] = []
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.setTimeout(PATIENCE_MS, () => socket.destroy())
    socket.on('data', (chunk) => {
      try {
        answers.push(...read(chunk))
      } catch (error) {
        socket.destroy(error as Error)
      }
      if (answers.length >= requests.length) socket.destroy()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // The server may close while more is being sent to it.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error)
    })
    socket.on('close', () => resolve(answers))
    const bytes = Buffer.concat(requests.map((request) => request.bytes))
    // Half closed, the server need not wait for the rest of a body that never comes.
    if (requests.at(-1)!.isCut) socket.end(bytes)
    else socket.write(bytes)
  })
}
