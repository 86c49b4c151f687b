import { createServer, type Socket } from 'node:net'

/** A mail server that takes everything, keeps nothing and counts: the same for both sides. */
let taken = 0
let awaited: { count: number; answer: () => void } | null = null

const server = createServer((socket: Socket) => {
  let inMessage = false
  let rest = ''
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.write('220 sink ESMTP\r\n')
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1')
    for (;;) {
      const mark = inMessage ? '\r\n.\r\n' : '\r\n'
      const end = rest.indexOf(mark)
      if (end < 0) return
      const line = rest.slice(0, end)
      rest = rest.slice(end + mark.length)
      if (inMessage) {
        inMessage = false
        taken++
        if (awaited && taken >= awaited.count) awaited.answer()
        socket.write('250 taken\r\n')
      } else {
        const verb = line.slice(0, 4).toUpperCase()
        inMessage = verb === 'DATA'
        socket.write(
          verb === 'DATA' ? '354 go on\r\n' : verb === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n',
        )
      }
    }
  })
})

process.on('message', ({ listen, until }: { listen?: boolean; until?: number }) => {
  if (listen) {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      process.send!({ port: typeof address === 'object' ? address?.port : 0 })
    })
  }
  if (until !== undefined) {
    taken = 0
    const answer = () => {
      awaited = null
      process.send!({ at: Date.now() })
    }
    awaited = { count: until, answer }
  }
})
