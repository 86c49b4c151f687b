import { domainToASCII } from 'node:url'
import { isDecodable, SettingError } from '../parse-setting.ts'

const EXAMPLE = 'give Name <name@example.org>, or an address alone'
/** Dot-atom of RFC 5322. */
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const TYPED_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u
const MAX_LENGTH = 254
const MAX_LOCAL_LENGTH = 64

type Check = (value: string) => boolean

const isBoolean: Check = (value) => value === 'true' || value === 'false'
const isCount: Check = (value) => /^[1-9]\d{0,8}$/.test(value)
const isTlsVersion: Check = (value) => /^TLSv1(?:\.[123])?$/.test(value)
const isWord: Check = (value) => /^[\x21-\x7e]+$/.test(value)

/** Nodemailer's options that SMTP_URL may have as its query; docs/operating.md explains the useful ones. */
const PARAMETERS: Readonly<Record<string, Check>> = {
  requireTLS: isBoolean,
  ignoreTLS: isBoolean,
  opportunisticTLS: isBoolean,
  connectionTimeout: isCount,
  greetingTimeout: isCount,
  socketTimeout: isCount,
  maxConnections: isCount,
  maxMessages: isCount,
  rateDelta: isCount,
  rateLimit: isCount,
  authMethod: (value) => /^(?:PLAIN|LOGIN)$/.test(value),
  localAddress: isWord,
  'tls.rejectUnauthorized': isBoolean,
  'tls.servername': isWord,
  'tls.minVersion': isTlsVersion,
  'tls.maxVersion': isTlsVersion,
  'tls.ciphers': isWord,
}

/**
 * SMTP_URL. Refuses mistakes that nodemailer would accept: it reads "smtp://" as localhost, and a "#" that should have
 * been encoded as the URL's end. No message repeats the URL, which may hold a password.
 *
 * @throws SettingError
 */
export function parseSmtpUrl(text: string): string {
  const url = /^smtps?:\/\/\S+$/.test(text) && URL.canParse(text) ? new URL(text) : null
  if (!url) throw new SettingError('is not a URL that starts with smtp:// or smtps://')
  const fail = (why: string) =>
    new SettingError(`${why}; write @ : / ? # % in user and password percent-encoded`)
  if (!/^(?:[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]+\])$/i.test(url.hostname))
    throw fail('names no host')
  if (url.port === '0') throw fail('has 0 for a port: leave it out, or give one')
  if (!['', '/'].includes(url.pathname) || url.hash)
    throw fail('goes on after the host with a path or a "#"')
  if (Boolean(url.username) !== Boolean(url.password)) throw fail('has a user or a password alone')
  if (!isDecodable(`${url.username}${url.password}`)) throw fail('has a "%" that encodes nothing')
  for (const [name, value] of url.searchParams) checkParameter(name, value)
  return text
}

function checkParameter(name: string, value: string): void {
  const check = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined
  const known = Object.keys(PARAMETERS).join(', ')
  // An unknown name may be a piece of a password.
  if (!check) throw new SettingError(`has something behind its "?" that is none of ${known}`)
  if (!check(value)) throw new SettingError(`has a ${name} that can't be understood`)
}

/** A mail's sender. */
export interface Sender {
  /** Empty where there is none. */
  name: string
  /** In ASCII: any server takes it. */
  address: string
}

/**
 * MAIL_FROM, one mailbox. Characters that would make it a list, a group or a comment in a header stay a part of the
 * name: the mailer is handed name and address apart.
 *
 * @throws SettingError
 */
export function parseMailbox(text: string): Sender {
  if (/\p{Cc}|[\u2028\u2029]/u.test(text))
    throw new SettingError(`holds a control character: ${EXAMPLE}`)
  const trimmed = text.trim()
  const opens = trimmed.lastIndexOf('<')
  if (opens < 0) return { name: '', address: parseAddress(trimmed) }
  if (!trimmed.endsWith('>')) {
    const quote = /^["']/.test(trimmed) && trimmed.endsWith(trimmed[0]!)
    throw new SettingError(
      quote
        ? `has quotes around the whole of it: leave them out, or ${EXAMPLE}`
        : `has something behind its address: ${EXAMPLE}`,
    )
  }
  const name = parseName(trimmed.slice(0, opens).trim())
  return { name, address: parseAddress(trimmed.slice(opens + 1, -1)) }
}

/** In quotes with backslashes (RFC 5322, section 3.2.4), or bare. */
function parseName(text: string): string {
  const quoted = text.length > 1 && text.startsWith('"') && text.endsWith('"')
  const inner = quoted ? text.slice(1, -1) : text
  if (quoted ? !/^(?:[^"\\]|\\.)*$/.test(inner) : /["<>@]/.test(inner)) {
    throw new SettingError(`has a name that can't be told from an address: ${EXAMPLE}`)
  }
  return (quoted ? inner.replace(/\\(.)/g, '$1') : inner).trim()
}

function parseAddress(text: string): string {
  const at = text.lastIndexOf('@')
  const [local, domain] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)]
  const ascii = TYPED_DOMAIN.test(domain) ? domainToASCII(domain) : ''
  const address = `${local}@${ascii}`
  const isAddress = LOCAL_PART.test(local) && local.length <= MAX_LOCAL_LENGTH && DOMAIN.test(ascii)
  if (isAddress && address.length <= MAX_LENGTH) return address
  throw new SettingError(`has no address that mail can come from: ${EXAMPLE}`)
}

/** A domain has an ASCII form; the part before the "@" has none (RFC 6531). */
export const needsSmtpUtf8 = (address: string) =>
  /[^\p{ASCII}]/u.test(address.slice(0, address.lastIndexOf('@')))
