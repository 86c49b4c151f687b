import type { Explanation, SmtpError } from './read-failure.ts'

export interface Answer {
  code: number
  /** Subject and detail of the enhanced status code, or ''. */
  detail: string
  /** By both codes. */
  isPermanent: boolean
}

/** What the mail server's answer speaks of, if not of the mailbox. */
export function explainAnswer(error: SmtpError, answer: Answer): Explanation {
  const { command = '', response = '' } = error
  if (error.code === 'EAUTH') return explainLogin(answer)
  if (command === 'STARTTLS') {
    return ['tls', 'the mail server offers no TLS, which requireTLS in SMTP_URL asks for']
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
