import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { LINK_TO_CONFIRM, plainTextOf } from './mailed-link.ts'

/** Where a connection stands: the greeting, a command by its first word, or the end of the content. */
export type Step = 'CONNECT' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | '.' | string

/** What a step is answered with, when not as an obliging server does. */
export interface Answer {
  afterMs?: number
  /** Without a line break at its end; null says nothing any more on this connection. */
  say?: string | null
  /** Ends the connection, after what it says. */
  hangUp?: boolean
}

/** @param address of the last RCPT; empty before it. @returns nothing for the obliging answer */
type Manners = (step: Step, address: string) => Answer | undefined

const at =
  (when: Step, answer: Answer): Manners =>
  (step) =>
    step === when ? answer : undefined

/** The usual ways to treat a mail. */
export const MOODS = {
  take: () => undefined,
  'hang at RCPT': at('RCPT', { say: null }),
  'hang after content': at('.', { say: null }),
  refuse: at('RCPT', { say: '550 5.1.1 no such mailbox' }),
  later: at('RCPT', { say: '451 4.7.1 greylisted' }),
  'drop at RCPT': at('RCPT', { say: null, hangUp: true }),
  'drop after content': at('.', { say: null, hangUp: true }),
} as const satisfies Readonly<Record<string, Manners>>

export type Mood = keyof typeof MOODS

/**
 * A mail server that can be told to misbehave, and counts what it gets. Each mail that arrived whole counts,
 * whether or not the server said so: its recipient may have it.
 */
export interface UnrulyMailServer {
  url: string
  /** From now on, also on connections that are open; without any it is obliging again. */
  behave(manners?: Manners): void
  /** How many mails came for each address. */
  mails: ReadonlyMap<string, number>
  /** Path of the newest link to confirm, by address. */
  links: ReadonlyMap<string, string>
  /** For whom mails came, in order. */
  taken: readonly string[]
  /** For whom mails were announced by RCPT, in order. */
  asked: readonly string[]
  /** Is told every mail with a link to confirm. */
  onLink(hear: (address: string, path: string) => void): void
  /** The most connections that were open at the same time. */
  mostOpen(): number
  goAway(): Promise<void>
  comeBack(): Promise<void>
}

const OBLIGING: Readonly<Record<string, string>> = {
  CONNECT: '220 unruly ESMTP',
  EHLO: '250-unruly\r\n250-PIPELINING\r\n250 8BITMIME',
  DATA: '354 go on',
  QUIT: '221 2.0.0 bye',
}
const OF_THE_REST = '250 2.0.0 ok'
/** Clients send MAIL, RCPT and DATA at once (RFC 2920), so DATA comes also after a refusal. */
const NO_RECIPIENT = '503 5.5.1 no valid recipient'

export async function startUnrulyMailServer(): Promise<UnrulyMailServer> {
  const mails = new Map<string, number>()
  const links = new Map<string, string>()
  const sockets = new Set<Socket>()
  const taken: string[] = []
  const asked: string[] = []
  let most = 0
  let manners: Manners = () => undefined
  const listeners: ((address: string, path: string) => void)[] = []

  function take(address: string, content: string): void {
    taken.push(address)
    mails.set(address, (mails.get(address) ?? 0) + 1)
    const path = LINK_TO_CONFIRM.exec(plainTextOf(content))?.[1]
    if (!path) return
    links.set(address, path)
    for (const hear of listeners) hear(address, path)
  }

  const listen = async (port: number): Promise<Server> => {
    const server = createServer((socket) => {
      sockets.add(socket)
      most = Math.max(most, sockets.size)
      socket.on('close', () => sockets.delete(socket))
      const treat: Manners = (step, address) => {
        if (step === 'RCPT') asked.push(address)
        return manners(step, address)
      }
      serve(socket, treat, take)
    }).listen(port, '127.0.0.1')
    await once(server, 'listening')
    return server
  }
  let server = await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    behave(next = () => undefined) {
      manners = next
    },
    mails,
    links,
    taken,
    asked,
    onLink: (hear) => void listeners.push(hear),
    mostOpen: () => most,
    async goAway() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    async comeBack() {
      server = await listen(port)
    },
  }
}

/** One connection; commands that come together are answered one after the other. */
function serve(
  socket: Socket,
  manners: Manners,
  take: (address: string, content: string) => void,
): void {
  let address = ''
  let rest = ''
  let hasRecipient = false
  let inContent = false
  let isSilent = false
  let answering: Promise<unknown> = Promise.resolve()

  /** @returns the first digit of what it said; null when it says no more */
  async function answer(step: Step): Promise<string | null> {
    const usual = step === 'DATA' && !hasRecipient ? NO_RECIPIENT : (OBLIGING[step] ?? OF_THE_REST)
    const { afterMs = 0, say = usual, hangUp = false } = manners(step, address) ?? {}
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs))
    if (socket.destroyed) return null
    if (say !== null) socket.write(`${say}\r\n`)
    if (hangUp || step === 'QUIT') socket.destroySoon()
    isSilent ||= say === null
    return say?.charAt(0) ?? null
  }

  async function read(chunk: string): Promise<void> {
    rest += chunk
    while (!isSilent) {
      const mark = inContent ? '\r\n.\r\n' : '\r\n'
      const end = rest.indexOf(mark)
      if (end < 0) return
      const part = rest.slice(0, end)
      rest = rest.slice(end + mark.length)
      if (inContent) {
        inContent = false
        take(address, part)
        await answer('.')
        continue
      }
      const step = part.slice(0, 4).toUpperCase()
      if (step === 'RCPT') address = /<([^>]+)>/.exec(part)?.[1] ?? ''
      if (step === 'MAIL') {
        address = ''
        hasRecipient = false
      }
      const said = await answer(step)
      if (step === 'RCPT' && said === '2') hasRecipient = true
      if (step === 'DATA' && said === '3') inContent = true
    }
  }

  socket.setNoDelay(true)
  socket.on('error', () => {})
  answering = answering.then(() => answer('CONNECT'))
  socket.on('data', (chunk) => {
    answering = answering.then(() => read(chunk.toString('latin1')))
  })
}
