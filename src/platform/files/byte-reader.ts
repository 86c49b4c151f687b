/** Reads counted bytes from a stream that comes in pieces of any length. */
export interface ByteReader {
  /** So many bytes. @throws MalformedStream when the stream ends before */
  take(length: number): Promise<Buffer>
  /** The same, in pieces as they come: never held together. */
  pass(length: number): AsyncGenerator<Buffer, void>
  /** Whether nothing follows. */
  atEnd(): Promise<boolean>
}

/** The stream is not of the format that it should be. */
export class MalformedStream extends Error {}

export function createByteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const pieces = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)

  /** @returns false at the end */
  async function more(): Promise<boolean> {
    const { value, done } = await pieces.next()
    if (done) return false
    held = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    return true
  }

  async function* pass(length: number) {
    for (let left = length; left > 0; ) {
      if (held.length === 0 && !(await more())) throw new MalformedStream('it ends too early')
      const piece = held.subarray(0, left)
      held = held.subarray(piece.length)
      left -= piece.length
      if (piece.length > 0) yield piece
    }
  }

  return {
    pass,
    async take(length) {
      const parts: Buffer[] = []
      for await (const part of pass(length)) parts.push(part)
      return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    },
    async atEnd() {
      while (held.length === 0) if (!(await more())) return true
      return false
    },
  }
}
