import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail extends ParsedMail {
  recipient: string
}

/** A real SMTP server that keeps what it gets, and can be told to refuse or to go away. */
export interface MailServer {
  url: string
  mails: ReceivedMail[]
  /**
   * Answers RCPT TO with this code and text from now on, for the recipients that `whom` picks; null accepts again. An enhanced
   * status code stands at the text's beginning.
   */
  refuseWith(code: number | null, text?: string, whom?: (address: string) => boolean): void
  allTo(address: string): ReceivedMail[]
  goAway(): Promise<void>
  comeBack(): Promise<void>
  /** The newest mail to an address. @throws when there is none */
  lastTo(address: string): ReceivedMail
}

export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  let refusal: { responseCode: number; text: string; whom: (address: string) => boolean } | null =
    null
  let smtp = await listen(0)
  const port = (smtp.server.address() as AddressInfo).port

  async function listen(onPort: number): Promise<SMTPServer> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      // Postfix and others take dots in a row within quotes, which RFC 5321 allows.
      lenientAddressParsing: true,
      onRcptTo({ address }, _session, done) {
        if (!refusal?.whom(address)) return done()
        const { text, responseCode } = refusal
        done(Object.assign(new Error(text), { responseCode }))
      },
      onData(stream, session, done) {
        simpleParser(stream).then((mail) => {
          mails.push({ ...mail, recipient: session.envelope.rcptTo[0]!.address })
          done()
        }, done)
      },
    })
    server.on('error', () => {})
    await new Promise<void>((resolve) => server.listen(onPort, '127.0.0.1', () => resolve()))
    return server
  }

  const allTo = (address: string) => mails.filter(({ recipient }) => recipient === address)
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuseWith: (code, text = 'refused by the test', whom = () => true) => {
      refusal = code === null ? null : { responseCode: code, text, whom }
    },
    goAway: () => new Promise<void>((resolve) => smtp.close(() => resolve())),
    comeBack: async () => {
      smtp = await listen(port)
    },
    allTo,
    lastTo(address) {
      const mail = allTo(address).at(-1)
      if (!mail) throw new Error(`no mail went to ${address}`)
      return mail
    },
  }
}

/** The first link of that purpose in a mail's plain text. */
export function linkIn(mail: ParsedMail, purpose: 'confirm' | 'withdraw' | 'unsubscribe'): string {
  const link = new RegExp(`https?://\\S+/${purpose}/\\S+`).exec(mail.text ?? '')?.[0]
  if (!link) throw new Error(`the mail has no ${purpose} link:\n${mail.text}`)
  return link
}
