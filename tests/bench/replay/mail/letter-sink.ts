import { createServer, type Server, type Socket } from 'node:net'
import { SIGNER_OF_ADDRESS } from '../crowd/requests.ts'
import { formatLetter, readToken } from './letters.ts'

/** A mail server that takes everything, and tells who listens at its second port whose link it got. */
let listener: Socket | null = null
const GREETING = '220 sink ESMTP\r\n'
const EXTENSIONS = '250-sink\r\n250 PIPELINING\r\n'

const answers: Record<string, string> = {
  EHLO: EXTENSIONS,
  DATA: '354 go on\r\n',
  QUIT: '221 bye\r\n',
}

function takeMail(socket: Socket): void {
  let inMessage = false
  let signer = -1
  let rest = ''
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
        const at = performance.timeOrigin + performance.now()
        listener?.write(formatLetter({ signer, at, token: readToken(part) }))
        socket.write('250 taken\r\n')
      } else {
        const verb = part.slice(0, 4).toUpperCase()
        if (verb === 'RCPT') signer = Number(SIGNER_OF_ADDRESS.exec(part)?.[1] ?? -1)
        inMessage = verb === 'DATA'
        socket.write(answers[verb] ?? '250 ok\r\n')
      }
    }
  })
}

const listeners = createServer((socket) => {
  listener = socket
  socket.setNoDelay(true)
  socket.on('error', () => {})
})

process.on('message', ({ listen }: { listen?: boolean; letters?: boolean }) => {
  open(listen ? createServer(takeMail) : listeners)
})

function open(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    process.send!({ port: typeof address === 'object' ? address?.port : 0 })
  })
}
