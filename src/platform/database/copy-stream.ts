import { once } from 'node:events'
import { Readable } from 'node:stream'
import type pg from 'pg'
import { StrictClient } from './strict-client.ts'

/**
 * COPY between PostgreSQL and streams. `pg` hands the protocol's messages to whatever is queried, and knows
 * nothing of COPY itself: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
 */

/** Rows are handed on together: a piece a row would cost more than the row. */
const PIECE_BYTES = 64 * 1024

/** What `pg` has, and its types leave out. */
interface Wire {
  query(text: string): void
  stream: NodeJS.WritableStream & NodeJS.ReadableStream & { writableNeedDrain: boolean }
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(why: string): void
}

/** A session without time limits, for COPY. */
export async function openCopyClient(url: string): Promise<pg.Client> {
  const client = new StrictClient({
    connectionString: url,
    application_name: 'undersigned backup',
    // A machine that is gone is noticed within half a minute; COPY has no other limit.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  })
  // What it interrupts rejects.
  client.on('error', () => {})
  await client.connect()
  await client.query('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0')
  return client
}

/**
 * The rows of `COPY … TO STDOUT`, as fast as the reader takes them.
 *
 * @param client nothing else may be queried until the stream has ended
 * @param onRow called for each row
 */
export function copyOut(client: pg.Client, text: string, onRow: () => void): Readable {
  let wire: Wire | null = null
  let rows: Buffer[] = []
  let bytes = 0
  const out = new Readable({ read: () => wire?.stream.resume() })
  const flush = () => {
    if (bytes > 0 && !out.push(Buffer.concat(rows))) wire!.stream.pause()
    rows = []
    bytes = 0
  }
  const query = {
    submit(connection: unknown) {
      wire = connection as Wire
      wire.query(text)
    },
    handleCopyData({ chunk }: { chunk: Buffer }) {
      onRow()
      // The parser reuses its buffer.
      rows.push(Buffer.from(chunk))
      bytes += chunk.length
      if (bytes >= PIECE_BYTES) flush()
    },
    handleCommandComplete() {
      flush()
    },
    handleReadyForQuery() {
      out.push(null)
    },
    handleError(error: Error) {
      out.destroy(error)
    },
  }
  client.query(query as pg.Submittable)
  return out
}

/** Feeds `COPY … FROM STDIN`. A source that fails makes the statement fail, with the source's error. */
export function copyIn(
  client: pg.Client,
  text: string,
  source: AsyncIterable<Buffer>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | null = null
    const feed = async (wire: Wire) => {
      try {
        for await (const piece of source) {
          if (failure) return
          wire.sendCopyFromChunk(piece)
          if (wire.stream.writableNeedDrain) await once(wire.stream, 'drain')
        }
        wire.endCopyFrom()
      } catch (error) {
        failure ??= error as Error
        wire.sendCopyFail('the source failed')
      }
    }
    const query = {
      submit: (connection: unknown) => (connection as Wire).query(text),
      handleCopyInResponse: (connection: unknown) => void feed(connection as Wire),
      handleCommandComplete() {},
      handleReadyForQuery: () => (failure ? reject(failure) : resolve()),
      // The source's own error says more than that the source failed.
      handleError(error: Error) {
        failure ??= error
        reject(failure)
      },
    }
    client.query(query as pg.Submittable)
  })
}
