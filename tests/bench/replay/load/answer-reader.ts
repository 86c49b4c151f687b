export interface Answer {
  status: number
  head: Buffer
  body: Buffer
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LENGTH = Buffer.from('\r\ncontent-length: ')
const STATUS_AT = 9
const ZERO = 48
const NINE = 57
const UNCHANGED = 304

/** @returns a function that takes what arrives, and gives the answer once it is whole */
export function createAnswerReader(): (chunk: Buffer) => Answer | null {
  let bytes: Buffer | null = null
  return (chunk) => {
    bytes = bytes ? Buffer.concat([bytes, chunk]) : chunk
    const end = bytes.indexOf(HEAD_END)
    if (end < 0) return null
    const status = readDigits(bytes, STATUS_AT)
    const from = end + HEAD_END.length
    const length = status === UNCHANGED ? -1 : bytes.indexOf(LENGTH)
    const until = from + (length < 0 ? 0 : readDigits(bytes, length + LENGTH.length))
    if (bytes.length < until) return null
    const answer = { status, head: bytes.subarray(0, from), body: bytes.subarray(from, until) }
    bytes = null
    return answer
  }
}

/** @returns what a header of the answer says; null without it */
export function readHeader({ head }: Answer, name: string): string | null {
  const mark = `\r\n${name}: `
  const at = head.indexOf(mark)
  if (at < 0) return null
  return head.toString('latin1', at + mark.length, head.indexOf('\r\n', at + mark.length))
}

function readDigits(bytes: Buffer, from: number): number {
  let number = 0
  for (let at = from; bytes[at]! >= ZERO && bytes[at]! <= NINE; at++) {
    number = number * 10 + bytes[at]! - ZERO
  }
  return number
}
