import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** What the server answers, by the command's first word; `CONNECT` is its greeting, `.` the end of the content. */
export interface Script {
  [command: string]: string
}

export interface ScriptedServer {
  url: string
  /** From now on. */
  answer(script: Script): void
  /** The lines that clients sent, newest last. */
  heard: string[]
  close(): Promise<void>
}

const OBLIGING: Script = {
  CONNECT: '220 scripted ESMTP',
  EHLO: '250-scripted\r\n250 8BITMIME',
  HELO: '250 scripted',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  '.': '250 2.0.0 taken',
  RSET: '250 2.0.0 ok',
  QUIT: '221 2.0.0 bye',
}

/** Speaks SMTP word for word as it is told, also what no library would say. An empty answer stays away. */
export async function startScriptedServer(script: Script = {}): Promise<ScriptedServer> {
  let answers = { ...OBLIGING, ...script }
  const heard: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    let inContent = false
    let rest = ''
    sockets.add(socket)
    socket.on('error', () => {})
    const say = (command: string) => {
      const answer = answers[command] ?? '502 5.5.1 not known'
      if (answer) socket.write(`${answer}\r\n`)
      if (answer.startsWith('354')) inContent = true
    }
    say('CONNECT')
    socket.on('data', (chunk) => {
      const lines = `${rest}${chunk}`.split('\r\n')
      rest = lines.pop()!
      for (const line of lines) {
        if (inContent && line !== '.') continue
        inContent = false
        heard.push(line)
        say(line === '.' ? line : line.split(' ')[0]!.toUpperCase())
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (next) => {
      answers = { ...OBLIGING, ...next }
    },
    heard,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
