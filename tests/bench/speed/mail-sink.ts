import { createServer } from 'node:net'
import { takeMail } from '../../support/take-mail.ts'

/** A mail server that takes everything, keeps nothing and counts: the same for both sides. */
let taken = 0
let awaited: { count: number; answer: () => void } | null = null

const server = createServer((socket) =>
  takeMail(socket, () => {
    taken++
    if (awaited && taken >= awaited.count) awaited.answer()
  }),
)

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
