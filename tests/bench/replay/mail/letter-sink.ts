import { createServer, type Server, type Socket } from 'node:net'
import { takeMail } from '../../../support/take-mail.ts'
import { SIGNER_OF_ADDRESS } from '../crowd/requests.ts'
import { formatLetter, readToken } from './letters.ts'

/** A mail server that takes everything, and tells who listens at its second port whose link it got. */
let listener: Socket | null = null

const sink = createServer((socket) =>
  takeMail(socket, (recipient, message) => {
    const signer = Number(SIGNER_OF_ADDRESS.exec(recipient)?.[1] ?? -1)
    const at = performance.timeOrigin + performance.now()
    listener?.write(formatLetter({ signer, at, token: readToken(message) }))
  }),
)

const listeners = createServer((socket) => {
  listener = socket
  socket.setNoDelay(true)
  socket.on('error', () => {})
})

process.on('message', ({ listen }: { listen?: boolean; letters?: boolean }) => {
  open(listen ? sink : listeners)
})

function open(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    process.send!({ port: typeof address === 'object' ? address?.port : 0 })
  })
}
