import { isDecodable, SettingError } from '../setting-error.ts'

type Check = (value: string) => boolean

const isBoolean: Check = (value) => value === 'true' || value === 'false'
const isCount: Check = (value) => /^[1-9]\d{0,8}$/.test(value)
const isTlsVersion: Check = (value) => /^TLSv1(?:\.[123])?$/.test(value)
const isWord: Check = (value) => /^[\x21-\x7e]+$/.test(value)

/** Nodemailer's options that may stand behind the "?"; docs/operating.md names those worth knowing. */
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
  authMethod: (value) => /^(?:PLAIN|LOGIN|CRAM-MD5)$/.test(value),
  localAddress: isWord,
  'tls.rejectUnauthorized': isBoolean,
  'tls.servername': isWord,
  'tls.minVersion': isTlsVersion,
  'tls.maxVersion': isTlsVersion,
  'tls.ciphers': isWord,
}

/**
 * Refuses what nodemailer would overlook: it takes "smtp://" for localhost, and a "#" that should have been encoded
 * for the end of the address. No message repeats the address, which may hold a password.
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
