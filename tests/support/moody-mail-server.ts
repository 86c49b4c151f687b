import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** How it treats a recipient. It says nothing more after a hang; `drop` cuts the connection. */
export type Mood =
  | 'take'
  | 'hang at RCPT'
  | 'hang after content'
  | 'take, then hang'
  | 'refuse'
  | 'later'
  | 'drop at RCPT'
  | 'drop after content'

export interface MoodyMailServer {
  url: string
  /** Whose mail it took, in order; also where it never said so. */
  taken: string[]
  /** Whose RCPT it heard, in order. */
  asked: string[]
  /** The most connections that were open at the same time. */
  mostOpen(): number
  close(): Promise<void>
}

/**
 * A real SMTP server that treats recipients differently, as a relay does that passes each mail on at once.
 *
 * @param moodFor is asked anew for each mail
 * @param greetsAfter milliseconds
 */
export async function startMoodyMailServer(
  moodFor: (address: string) => Mood,
  { greetsAfter = 0 } = {},
): Promise<MoodyMailServer> {
  const taken: string[] = []
  const asked: string[] = []
  const sockets = new Set<Socket>()
  let most = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    most = Math.max(most, sockets.size)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    setTimeout(() => attend(socket, moodFor, { taken, asked }), greetsAfter)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    asked,
    mostOpen: () => most,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function attend(
  socket: Socket,
  moodFor: (address: string) => Mood,
  { taken, asked }: { taken: string[]; asked: string[] },
): void {
  let rest = ''
  let recipient = ''
  let mood: Mood = 'take'
  let inContent = false
  let silent = false
  const say = (line: string) => {
    if (!silent) socket.write(`${line}\r\n`)
  }
  const answers: Record<string, () => void> = {
    EHLO: () => say('250-moody\r\n250 8BITMIME'),
    RCPT() {
      asked.push(recipient)
      mood = moodFor(recipient)
      if (mood === 'hang at RCPT') silent = true
      else if (mood === 'drop at RCPT') socket.destroy()
      else if (mood === 'refuse') say('550 5.1.1 no such mailbox')
      else if (mood === 'later') say('451 4.7.1 greylisted')
      else say('250 2.1.5 ok')
    },
    DATA() {
      inContent = true
      say('354 go on')
    },
    QUIT: () => say('221 2.0.0 bye'),
  }
  function end(): void {
    inContent = false
    if (mood === 'take' || mood === 'take, then hang') taken.push(recipient)
    if (mood === 'hang after content' || mood === 'take, then hang') silent = true
    if (mood === 'drop after content') socket.destroy()
    say('250 2.0.0 taken')
  }
  say('220 moody ESMTP')
  socket.on('data', (chunk) => {
    const lines = `${rest}${chunk}`.split('\r\n')
    rest = lines.pop()!
    for (const line of lines) {
      if (inContent) {
        if (line === '.') end()
        continue
      }
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'RCPT') recipient = /<(.*)>/.exec(line)?.[1] ?? ''
      const answer = answers[verb]
      if (answer) answer()
      else say('250 2.0.0 ok')
    }
  })
}
