import type { Socket } from 'node:net'

const GREETING = '220 sink ESMTP\r\n'
const ANSWERS: Readonly<Record<string, string>> = {
  EHLO: '250-sink\r\n250 PIPELINING\r\n',
  DATA: '354 go on\r\n',
  QUIT: '221 bye\r\n',
}

/**
 * A mail server's part on one connection, as much of RFC 5321 as one client needs, at the least cost:
 * it takes everything, where a crowd's mails are measured or many servers run beside it.
 *
 * @param take is told the last RCPT command and the message, headers first, dots still doubled
 * @param takesMs before it says that it has taken a message
 */
export function takeMail(
  socket: Socket,
  take: (recipient: string, message: string) => void,
  takesMs = 0,
): void {
  let inMessage = false
  let recipient = ''
  let rest = ''
  const acknowledge = () => socket.write('250 taken\r\n')
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.write(GREETING)
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1')
    for (;;) {
      const mark = inMessage ? '\r\n.\r\n' : '\r\n'
      const end = rest.indexOf(mark)
      if (end < 0) return
      const part = rest.slice(0, end)
      rest = rest.slice(end + mark.length)
      if (inMessage) {
        inMessage = false
        take(recipient, part)
        if (takesMs > 0) setTimeout(acknowledge, takesMs)
        else acknowledge()
      } else {
        const verb = part.slice(0, 4).toUpperCase()
        if (verb === 'RCPT') recipient = part
        inMessage = verb === 'DATA'
        socket.write(ANSWERS[verb] ?? '250 ok\r\n')
      }
    }
  })
}
