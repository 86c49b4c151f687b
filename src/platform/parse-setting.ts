import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { ExpectedError } from './expected-error.ts'

/** Labels of a name, the last of which is no number (RFC 1123, section 2.1). */
const HOST_NAME =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
const LONGEST_LINE = 300
/** @fastify/proxy-addr's names for networks. */
const NETWORKS = ['loopback', 'linklocal', 'uniquelocal']

/** The message says what is wrong with a setting's value, for a line that begins with its name. It repeats no secret. */
export class SettingError extends Error {}

/** A line that names the setting. */
export class ConfigError extends ExpectedError {}

/** Whether each "%" in a part of a URL encodes something. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** In one line, whatever it holds. */
const shown = (text: string) => JSON.stringify(text.slice(0, 100))

/** Digits alone: no "1e3", no "0x50", no space that came along. @throws SettingError */
export const wholeNumber = (min: number, max: number) => (text: string) => {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new SettingError(`is ${shown(text)}: give a whole number from ${min} to ${max}`)
}

/** @throws SettingError */
export const oneOf =
  <T extends string>(choices: readonly T[]) =>
  (text: string): T => {
    const choice = choices.find((each) => each === text)
    if (choice !== undefined) return choice
    throw new SettingError(`is ${shown(text)}: give one of ${choices.join(', ')}`)
  }

/** Where to listen. @throws SettingError */
export function parseHost(text: string): string {
  if ((isIP(text) && !text.includes('%')) || HOST_NAME.test(text)) return text
  throw new SettingError(
    `is ${shown(text)}: give an address or a name alone, for example 127.0.0.1 or ::1, without a port`,
  )
}

/** Words for readers. @throws SettingError */
export function parseLine(text: string): string {
  if (text.length <= LONGEST_LINE && !/[\p{Cc}\p{Cf}\ufffd]/u.test(text)) return text.trim()
  throw new SettingError(`is ${shown(text)}: give one line of at most ${LONGEST_LINE} characters`)
}

/** @throws SettingError */
export function parseContact(text: string): string {
  if (CONTACT.test(text)) return text
  throw new SettingError(
    `is ${shown(text)}: give an e-mail address, or a web address that starts with https://`,
  )
}

/** Refuses "~", which a shell replaces and an .env file doesn't: a folder of that name would be made. @throws SettingError */
export function parseFolder(text: string): string {
  if (/^~|^\s|\s$|\p{Cc}/u.test(text)) {
    throw new SettingError(
      `is ${shown(text)}: give a folder in full, for example /var/lib/undersigned`,
    )
  }
  return resolve(text)
}

/** Refuses URLs that a browser would correct, such as one that lacks a slash: another may be meant. @throws SettingError */
export function parseOrigin(text: string): string {
  if (/^https?:\/\/[^\s/?#@\\]+\/?$/i.test(text) && URL.canParse(text)) return new URL(text).origin
  throw new SettingError(
    `is ${shown(text)}: give the site's origin alone, for example https://sign.example.org`,
  )
}

/** A browser can't open 0.0.0.0, but localhost. */
export function ownOrigin(host: string, port: number): string {
  const isAll = host === '0.0.0.0' || host === '::'
  const name = isAll ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return parseOrigin(`http://${name}:${port}`)
}

/** Origins with commas between them, each with a host of its own. @throws SettingError */
export const originsBeside =
  (first: string) =>
  (text: string): string[] => {
    const origins = text.split(',').map((each) => parseOrigin(each.trim()))
    const hosts = [first, ...origins].map((origin) => new URL(origin).hostname)
    const twice = hosts.find((host, index) => hosts.indexOf(host) < index)
    if (twice === undefined) return origins
    throw new SettingError(
      `names ${shown(twice)} beside PUBLIC_URL, or twice: give each origin a host of its own`,
    )
  }

/** @returns what the file holds. @throws SettingError */
export function parseCertificates(path: string): string {
  let pem = ''
  try {
    pem = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SettingError(`names ${shown(path)}, which can't be read (${code})`)
  }
  if (/-----BEGIN CERTIFICATE-----/.test(pem)) return pem
  throw new SettingError(`names ${shown(path)}, which holds no certificate in PEM`)
}

/** @returns the lines of a file. @throws SettingError */
export function parseWords(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SettingError(`names ${shown(path)}, which can't be read (${code})`)
  }
}

/** A full name or an address literal (RFC 5321, section 4.1.1.1). @throws SettingError */
export function parseHelo(text: string): string {
  const literal = /^\[(?:IPv6:)?([^\]]+)\]$/i.exec(text)?.[1]
  if (literal ? isIP(literal) : HOST_NAME.test(text) && text.includes('.')) return text
  throw new SettingError(
    `is ${shown(text)}: give this machine's full name, for example mail.example.org, or [192.0.2.1]`,
  )
}

/** A token is sent in an HTTP header: no other characters could be. @throws SettingError */
export function parseToken(text: string): string {
  if (/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text)) return text
  throw new SettingError('has characters that no HTTP header can carry: use letters and digits')
}

const HINT = `give false, true, or addresses and networks separated by commas (${NETWORKS.join(', ')}, 10.0.0.0/8)`

/**
 * The proxies whose X-Forwarded-* headers are believed: none, all, or those at these addresses. A number is
 * refused: it would be read as an address, and "1", meant as one proxy, would trust none.
 *
 * @throws SettingError
 */
export function parseTrustProxy(text: string): boolean | string {
  if (text === '' || text === 'false') return false
  if (text === 'true') return true
  const entries = text.split(',').map((entry) => entry.trim())
  const odd = entries.find((entry) => !NETWORKS.includes(entry) && !isNetwork(entry))
  if (odd !== undefined) throw new SettingError(`holds "${odd.slice(0, 60)}": ${HINT}`)
  return entries.join(',')
}

/** Those of TRUST_PROXY, which have more than one address, or that mean something else. */
const NO_CLIENT_HEADER = ['x-forwarded-for', 'forwarded', 'host', 'cookie', 'authorization']

/** In small letters. @throws SettingError */
export function parseClientHeader(text: string): string {
  const name = text.toLowerCase()
  if (/^[a-z][a-z0-9-]{0,60}$/.test(name) && !NO_CLIENT_HEADER.includes(name)) return name
  throw new SettingError(
    `is ${shown(text)}: give the name of the header in which your CDN sends the visitor's address alone, such as CF-Connecting-IP`,
  )
}

function isNetwork(text: string): boolean {
  const [address = '', length, ...more] = text.split('/')
  const version = isIP(address)
  // "fe80::1%eth0" is an address on one link, no network of proxies.
  if (version === 0 || address.includes('%') || more.length > 0) return false
  return length === undefined || (/^[1-9]\d{0,2}$/.test(length) && Number(length) <= BITS[version]!)
}

const BITS: Partial<Record<number, number>> = { 4: 32, 6: 128 }

export const WEB_ADDRESS = /^https?:\/\/[^\s"<>]+$/
/** Without what would end the address in a `mailto:` link, or begin a second one there, also when it is unpacked. */
const EMAIL_ADDRESS =
  /^[^\s@<>"?&#%,;:()[\]\\]+@[^\s@<>"?&#%,;:()[\]\\.]+(?:\.[^\s@<>"?&#%,;:()[\]\\.]+)+$/

/** An e-mail address or a page's address, for people with questions. */
export const CONTACT = new RegExp(`${EMAIL_ADDRESS.source}|${WEB_ADDRESS.source}`)

/** The target of its link. */
export const contactHref = (contact: string) =>
  WEB_ADDRESS.test(contact) ? contact : `mailto:${contact}`
