import { connect } from 'node:net'

/** What the mail server tells of a letter, a line each. */
export interface Letter {
  signer: number
  /** On the clock of `performance.timeOrigin + performance.now()`. */
  at: number
  /** Of the link to confirm; null in a letter without. */
  token: string | null
}

export const formatLetter = ({ signer, at, token }: Letter) => `${signer} ${at} ${token ?? ''}\n`

/** Follows the mail server's letters from its second port. */
export function followLetters(port: number, each: (letter: Letter) => void): void {
  let rest = ''
  connect({ port, host: '127.0.0.1' }).on('data', (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const [signer, at, token] = line.split(' ')
      each({ signer: Number(signer), at: Number(at), token: token || null })
    }
  })
}

const PATH = '/en/confirm/'
const TOKEN_LENGTH = 54

/** @param message as it went over the wire: quoted-printable breaks long lines with "=" */
export function readToken(message: string): string | null {
  const whole = message.replaceAll('=\r\n', '')
  const at = whole.indexOf(PATH)
  return at < 0 ? null : whole.slice(at + PATH.length, at + PATH.length + TOKEN_LENGTH)
}
