import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { isOwnHost, MISDIRECTED, MISDIRECTED_TEXT } from '../web/refuse-requests.ts'
import { inboxScript, newestOf, renderInbox, renderMailPage } from './inbox-page.ts'

/** Older mail is dropped: the inbox is for trying things out. */
const KEPT = 500
const MAX_MAIL_BYTES = 1_000_000

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; frame-src 'self'"

export interface CaughtMail {
  id: number
  to: string
  from: string
  subject: string
  text: string
  html: string
}

export interface Catcher {
  /** For SMTP_URL. */
  smtpUrl: string
  /** Where a person reads the mail. */
  inboxUrl: string
  close(): Promise<void>
}

/**
 * A real SMTP server that delivers nowhere, with an inbox page of the mails that it caught. Both listen on this
 * machine only; mail is kept in memory and goes with the process.
 */
export async function startCatcher({ inboxPort }: { inboxPort: number }): Promise<Catcher> {
  const mails: CaughtMail[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    // Like other servers it accepts consecutive dots within quotes, which RFC 5321 allows.
    lenientAddressParsing: true,
    onData(stream, session, done) {
      simpleParser(stream)
        .then((mail) => {
          mails.unshift({
            id: (mails[0]?.id ?? 0) + 1,
            to: session.envelope.rcptTo.map(({ address }) => address).join(', '),
            from: mail.from?.text ?? '',
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            html: typeof mail.html === 'string' ? mail.html : '',
          })
          mails.length = Math.min(mails.length, KEPT)
          done()
        })
        .catch(done)
    },
  })
  // A client that hangs up in the middle is no reason to end the program.
  smtp.on('error', () => {})
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()))
  const inbox = createServer((request, response) => {
    const {
      status = 200,
      type = 'html',
      body,
    } = isOwnHost(request.headers.host)
      ? answer(request.url ?? '/', mails)
      : { status: MISDIRECTED, type: 'plain', body: MISDIRECTED_TEXT }
    response.writeHead(status, {
      'content-type': `text/${type}; charset=utf-8`,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    response.end(body)
  })
  await listen(inbox, inboxPort)
  const smtpPort = (smtp.server.address() as AddressInfo).port
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    inboxUrl: `http://127.0.0.1:${(inbox.address() as AddressInfo).port}`,
    async close() {
      inbox.closeAllConnections()
      await Promise.all([
        new Promise<void>((resolve) => smtp.close(() => resolve())),
        new Promise<void>((resolve) => inbox.close(() => resolve())),
      ])
    },
  }
}

function answer(
  path: string,
  mails: CaughtMail[],
): { status?: number; type?: string; body: string } {
  if (path === '/newest') return { type: 'plain', body: newestOf(mails) }
  if (path === '/inbox.js') return { type: 'javascript', body: inboxScript }
  const id = /^\/mail\/(\d+)$/.exec(path)?.[1]
  if (!id) return { body: renderInbox(mails) }
  const mail = mails.find((candidate) => candidate.id === Number(id))
  return mail ? { body: renderMailPage(mail) } : { status: 404, body: renderInbox(mails) }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}
