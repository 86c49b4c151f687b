import { type AddressInfo, createServer, type Socket } from 'node:net'
import { LINK_TO_CONFIRM, plainTextOf } from '../../support/mailed-link.ts'
import { takeMail } from '../../support/take-mail.ts'

/** A mail server that takes everything and remembers the link of each mail. */
export interface MailSink {
  url: string
  /** Path of the link to confirm, by address. */
  links: ReadonlyMap<string, string>
  /** For whom mails came, in order, repeated ones included. */
  taken: readonly string[]
  /** Is told each address with its link, when the first mail for it comes. */
  onLink(hear: (address: string, path: string) => void): void
  close(): Promise<void>
}

/** As a mail server takes its time: so a worker that is killed is in the midst of mailing. */
const TAKES_MS = 50

export async function startMailSink(): Promise<MailSink> {
  const links = new Map<string, string>()
  const sockets = new Set<Socket>()
  const taken: string[] = []
  let hear = (_address: string, _path: string) => {}
  const take = (recipient: string, message: string) => {
    const address = /<([^>]+)>/.exec(recipient)![1]!
    taken.push(address)
    const path = LINK_TO_CONFIRM.exec(plainTextOf(message))?.[1]
    if (!path || links.has(address)) return
    links.set(address, path)
    hear(address, path)
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    takeMail(socket, take, TAKES_MS)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    links,
    taken,
    onLink(listener) {
      hear = listener
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
