import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { decodeUtf8 } from '../../log/core/canonical.ts'
import { formatSignatureLine } from '../../log/core/note/note.ts'
import {
  formatSizeAnswer,
  MAX_REQUEST_BYTES,
  SIZE_TYPE,
} from '../../log/core/note/witness-messages.ts'
import { MINUTE, SECOND } from '../../platform/clock.ts'
import type { AddCheckpointAnswer, AddCheckpointVerb } from './add-checkpoint.ts'

const LIMITS = {
  headersTimeout: 10 * SECOND,
  requestTimeout: 15 * SECOND,
  keepAliveTimeout: 2 * MINUTE,
  connectionsCheckingInterval: 5 * SECOND,
  maxHeaderSize: 8192,
}
const MAX_CONNECTIONS = 200
const TEXT = 'text/plain; charset=utf-8'

interface Reply {
  status: number
  text: string
  type?: string
  headers?: Record<string, string>
}

/** The answers behind the HTTP server. */
interface Served {
  vkey: string
  addCheckpoint: AddCheckpointVerb
  /** The last cosigned checkpoint of a log, by the SHA-256 of its origin; null when there is none. */
  checkpoint(originHash: string): Uint8Array | null
}

const CHECKPOINT = /\/([0-9a-f]{64})\/checkpoint$/

/**
 * The witness over HTTP. Any prefix will do, so that a proxy may hand on the path as it is.
 *
 * @param onFailure called when a request can't be answered: the state can't be written
 */
export function serveWitness(served: Served, onFailure: (error: unknown) => void): Server {
  const server = createServer(LIMITS, async (request, response) => {
    try {
      send(response, await answer(request, served))
    } catch (error) {
      // The asker has gone in the middle of the request.
      if (request.destroyed && !request.complete) return
      send(response, { status: 500, text: 'this witness has stopped: its operator knows why' })
      onFailure(error)
    }
  })
  server.maxConnections = MAX_CONNECTIONS
  return server
}

async function answer(
  request: IncomingMessage,
  { vkey, addCheckpoint, checkpoint }: Served,
): Promise<Reply> {
  const path = request.url!.split('?')[0]!
  if (path.endsWith('/add-checkpoint')) {
    if (request.method !== 'POST') return refuse(405, 'POST it', { allow: 'POST' })
    const body = await readBody(request)
    if (!body) return refuse(413, 'the request is too long', { connection: 'close' })
    return explain(await addCheckpoint(body))
  }
  const originHash = CHECKPOINT.exec(path)?.[1]
  if (!originHash && !path.endsWith('/') && !path.endsWith('/vkey')) {
    return refuse(404, 'nothing is here')
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(405, 'GET it', { allow: 'GET, HEAD' })
  }
  if (!originHash) return { status: 200, text: `${vkey}\n` }
  const note = checkpoint(originHash)
  if (!note) return refuse(404, 'no checkpoint of this log was cosigned here')
  return { status: 200, text: decodeUtf8(note) }
}

/** The statuses of c2sp.org/tlog-witness. */
function explain(answer: AddCheckpointAnswer): Reply {
  switch (answer.kind) {
    case 'cosigned':
      return { status: 200, text: formatSignatureLine(answer.signature) }
    case 'malformed':
      return refuse(400, answer.detail)
    case 'not-signed':
      return refuse(403, 'no signature of a key that is known for this log, or a wrong one')
    case 'unknown-log':
      return refuse(404, 'this log is not watched here')
    case 'other-size':
      return { status: 409, text: formatSizeAnswer(answer.size), type: SIZE_TYPE }
    case 'other-root':
      return refuse(422, 'another checkpoint of this size was cosigned before')
    case 'false-root':
      return refuse(422, 'a log of no entries has another root')
    case 'inconsistent':
      return refuse(422, 'the proof does not show the log to be the old one and more')
  }
}

function refuse(status: number, why: string, headers?: Record<string, string>): Reply {
  return { status, text: `${why}\n`, headers }
}

/** Null when it is too long. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = []
  let length = 0
  // Destroyed, it could not be answered any more.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length
    if (length > MAX_REQUEST_BYTES) return null
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function send(response: ServerResponse, { status, text, type = TEXT, headers }: Reply): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(response.req.method === 'HEAD' ? undefined : text)
}
