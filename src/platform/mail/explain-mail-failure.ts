import type { Explanation, SmtpError } from './read-failure.ts'

export interface Answer {
  code: number
  /** Subject and detail of the enhanced status code, or ''. */
  detail: string
  /** By both codes. */
  isPermanent: boolean
}

/** The cause that the mail server's answer points to, where it is not the mailbox. */
export function explainAnswer(error: SmtpError, answer: Answer): Explanation {
  const { command = '', response = '' } = error
  if (error.code === 'EAUTH') return explainLogin(answer)
  if (command === 'STARTTLS') {
    return [
      'tls',
      'the mail server offers no TLS, which production and requireTLS ask for: write another port or server into SMTP_URL, or, on a network of your own alone, add ?requireTLS=false there',
    ]
  }
  // Postfix, Exim and others judge the name only at MAIL FROM or RCPT TO.
  if (/^(?:EHLO|HELO)$/.test(command) || /\b(?:helo|ehlo)\b/i.test(response)) {
    return ['greeting', 'the mail server does not take our EHLO name: set SMTP_HELO']
  }
  if (command === 'CONN') {
    return answer.isPermanent
      ? [
          'greeting',
          'the mail server turns this machine away: ask whoever runs it, or check SMTP_URL',
        ]
      : BUSY
  }
  if (wantsTls(answer, response)) {
    return ['tls', 'the mail server asks for TLS: write smtps:// in SMTP_URL, or another port']
  }
  if (answer.code === 530) return ASKS_FOR_LOGIN
  return bySubject(answer, command)
}

const BUSY: Explanation = ['busy', 'the mail server puts mails off for now']
const ASKS_FOR_LOGIN: Explanation = [
  'login',
  'the mail server asks for a login: put user and password into SMTP_URL',
]

function explainLogin({ code, detail, isPermanent }: Answer): Explanation {
  if (code === 538 || detail === '7.11') {
    return ['tls', 'the mail server takes logins only over TLS: write smtps:// in SMTP_URL']
  }
  if (!isPermanent) return ['login', 'the mail server could not check the login for now']
  return [
    'login',
    'the mail server refused the login: check user and password in SMTP_URL (write @ : / # % in them percent-encoded)',
  ]
}

/** 7.10 and 7.11 are for this (RFC 5248, RFC 4954); RFC 3207 has 530 with nothing more. */
const wantsTls = ({ code, detail }: Answer, response: string) =>
  ['7.10', '7.11'].includes(detail) || (code === 530 && /tls|ssl|encrypt/i.test(response))

/** Subjects and details of RFC 3463. */
function bySubject({ code, detail, isPermanent }: Answer, command: string): Explanation {
  const [subject] = detail.split('.')
  if (detail === '6.7' || detail === '6.10') {
    return ['smtputf8', 'the mail server takes no address with letters beyond ASCII']
  }
  if (['1.7', '1.8'].includes(detail) || (command === 'MAIL FROM' && isPermanent)) {
    return [
      'sender',
      'the mail server refuses the sender: check that the login may send as MAIL_FROM',
    ]
  }
  if (detail === '2.2' || (code === 552 && detail === '' && command === 'RCPT TO')) {
    return ['quota', 'the mailbox is full']
  }
  if (subject === '7') return explainPolicy(isPermanent)
  if (subject === '6' || ['2.3', '3.4'].includes(detail)) return CONTENT
  if (!isPermanent) return BUSY
  return command === 'DATA'
    ? CONTENT
    : ['other', 'the mail server refuses to pass the mail on, and its code does not say why']
}

const CONTENT: Explanation = ['content', 'the mail server does not take the mail as it is']

const explainPolicy = (isPermanent: boolean): Explanation =>
  isPermanent
    ? [
        'policy',
        'the mail server refuses by policy to pass mails on: a block list, no permission to relay, or a limit; ask whoever runs it',
      ]
    : ['busy', 'the mail server puts mails off by policy (greylisting, or a limit)']

/** Why the connection to the mail server failed or broke off: there is no reply code. */
export function explainBroken(error: SmtpError): Explanation {
  const system = error.originalCode ?? error.code ?? ''
  if (error.code === 'EAUTH' && error.command === 'AUTH CRAM-MD5') return MD5_ALONE
  return (
    explainTls(error, system) ??
    timeouts.get(error.timeoutType ?? '') ??
    systemErrors.get(system) ??
    codes.get(error.code ?? '') ?? [
      'other',
      `the mail could not be handed over (${system || 'no code'})`,
    ]
  )
}

const MD5_ALONE: Explanation = [
  'login',
  'the mail server offers no login but CRAM-MD5, whose hash is broken: let it offer PLAIN or LOGIN over TLS',
]

type Explain = (words: string) => Explanation

const unreachable: Explain = (words) => ['unreachable', words]
const tls: Explain = (words) => ['tls', words]
const login: Explain = (words) => ['login', words]

const NOT_FOUND = unreachable("the mail server's name was not found: check the host in SMTP_URL")
const NO_WAY = unreachable(
  'no way leads to the mail server: check the host in SMTP_URL, and the network',
)
const CUT = unreachable(
  'the mail server cut the connection: check host and port in SMTP_URL (465 needs smtps://), and whether it lets this machine in',
)
const TOO_SLOW = unreachable(
  'the mail server did not take the connection in time: check host and port in SMTP_URL, and the firewall (many hosters block port 25)',
)

const byName = (names: Record<string, Explanation>) => new Map(Object.entries(names))

/** By nodemailer's `timeoutType`. */
const timeouts = byName({
  CONNECT_TIMEOUT: TOO_SLOW,
  GREETING_TIMEOUT: unreachable(
    "the mail server's greeting took too long: check the port in SMTP_URL (465 needs smtps://), or allow more by ?connectionTimeout=120000 there",
  ),
  UPGRADE_TIMEOUT: tls('TLS with the mail server took too long: check the port in SMTP_URL'),
  SOCKET_TIMEOUT: unreachable(
    'the mail server stopped answering: see to it, or allow more by ?socketTimeout=120000 in SMTP_URL',
  ),
})

const systemErrors = byName({
  ENOTFOUND: NOT_FOUND,
  ENODATA: NOT_FOUND,
  EAI_AGAIN: unreachable(
    "the mail server's name could not be looked up: check this machine's DNS, and the host in SMTP_URL",
  ),
  ECONNREFUSED: unreachable(
    'nothing takes connections at the mail server (connection refused): check host and port in SMTP_URL, and that it runs',
  ),
  EHOSTUNREACH: NO_WAY,
  ENETUNREACH: NO_WAY,
  EADDRNOTAVAIL: NO_WAY,
  ECONNRESET: CUT,
  EPIPE: CUT,
})

/** By nodemailer's `code`. */
const codes = byName({
  EDNS: NOT_FOUND,
  ECONNECTION: CUT,
  ETIMEDOUT: TOO_SLOW,
  EPROTOCOL: [
    'greeting',
    'what answers at the mail server’s address speaks no SMTP: check host and port in SMTP_URL',
  ],
  EAUTH: login(
    'the mail server takes no login of the kind that is offered: check user and password in SMTP_URL',
  ),
  ENOAUTH: ASKS_FOR_LOGIN,
  ETLS: tls('TLS with the mail server failed: check port and smtp:// or smtps:// in SMTP_URL'),
})

/** After STARTTLS nodemailer passes on OpenSSL's message without its code. */
const certificates: [RegExp, string][] = [
  [/certificate has expired|CERT_HAS_EXPIRED/, 'has expired: whoever runs it has to renew it'],
  [
    /certificate is not yet valid|CERT_NOT_YET_VALID/,
    "is not yet valid: check this machine's clock",
  ],
  [
    /does not match certificate|ALTNAME_INVALID/,
    'is for another name: put the name that stands in it into SMTP_URL, or add ?tls.servername=<name> there',
  ],
  [
    /self.signed|unable to (?:verify|get)|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|certificate chain too long|invalid CA/i,
    'is not trusted: let SMTP_CA name the file of its authority, or, on a network of your own alone, add ?tls.rejectUnauthorized=false to SMTP_URL',
  ],
  [/certificate revoked|CERT_REVOKED/, 'was revoked: whoever runs it has to replace it'],
]

function explainTls(error: SmtpError, system: string): Explanation | null {
  const text = `${system} ${error.message}`
  const certificate = certificates.find(([pattern]) => pattern.test(text))
  if (certificate) return ['tls', `the mail server's certificate ${certificate[1]}`]
  if (
    /wrong version number|packet length too long|ERR_SSL_WRONG_VERSION|unknown protocol/i.test(text)
  ) {
    return [
      'tls',
      'the mail server speaks no TLS at this port: write smtp:// in SMTP_URL (587, 25), or the port for smtps:// (465)',
    ]
  }
  if (/ERR_SSL|ERR_TLS|SSL routines|EPROTO\b/.test(text)) {
    return [
      'tls',
      'the mail server and this program found no TLS in common: it may be too old; see tls.minVersion in docs/operating.md',
    ]
  }
  return null
}
