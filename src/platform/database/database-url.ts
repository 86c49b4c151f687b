import { accessSync, constants } from 'node:fs'
import { hostOf, isLoopback } from '../connection-safety.ts'
import { isDecodable, SettingError } from '../parse-setting.ts'

/** libpq's; the driver would take any other for "no TLS at all". It checks the certificate in all but the last. */
const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']
const SSL_FILES = ['sslrootcert', 'sslcert', 'sslkey']

export const databaseUrlFor = (production: boolean) =>
  production ? parseSafeDatabaseUrl : parseDatabaseUrl

/** No message repeats the value, which may hold a password. @throws SettingError */
function parseDatabaseUrl(text: string): string {
  const url = /^postgres(?:ql)?:\/\/\S+$/.test(text) && URL.canParse(text) ? new URL(text) : null
  if (!url) throw new SettingError('is not a URL that starts with postgres://')
  if (url.hash || !isDecodable(`${url.username}${url.password}${url.pathname}`)) {
    throw new SettingError(
      'holds a "#", or a "%" that encodes nothing: write @ : / ? # % in user and password percent-encoded',
    )
  }
  for (const name of SSL_FILES) {
    const path = url.searchParams.get(name)
    if (path !== null && !isReadable(path)) {
      throw new SettingError(`has an ${name} that names no file which can be read here`)
    }
  }
  const mode = url.searchParams.get('sslmode')
  if (mode === null || SSL_MODES.includes(mode)) return text
  throw new SettingError(`has an sslmode that is none of ${SSL_MODES.join(', ')}`)
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

/**
 * For production: without a word about TLS the driver would do without, and what is sent to another machine can be
 * read on the way.
 *
 * @throws SettingError
 */
function parseSafeDatabaseUrl(text: string): string {
  const { searchParams } = new URL(parseDatabaseUrl(text))
  if (isOnThisMachine(text) || ['sslmode', ...SSL_FILES].some((name) => searchParams.has(name))) {
    return text
  }
  throw new SettingError(
    'leads to another machine and does not ask for TLS: add sslmode=verify-full (and sslrootcert=<file> for an authority of your own), or, on a network of your own alone, sslmode=disable',
  )
}

/** A Unix socket's folder stands in the host, encoded, or in a parameter. */
export function isOnThisMachine(databaseUrl: string): boolean {
  const host = new URL(databaseUrl).searchParams.get('host') ?? hostOf(databaseUrl)
  return isOwnHost(decodeURIComponent(host))
}

/** @param host as pg has it: a name, an address, or a socket's folder */
export const isOwnHost = (host: string) => host === '' || host.startsWith('/') || isLoopback(host)
